import Mutations
import Testing

@testable import ClientCLI

@Suite("Settings files with mistakes drawn at random")
struct MutatedSettingsTests {
    @Test("Every line is a setting, a comment or told of, and changing one leaves the others as they are")
    func lines() {
        let text =
            "# mine\nlanguage = ja\ntimeZone = Asia/Tokyo\nproxy = http://u:p@proxy.example:3128\nserver = https://sync.example\ncaFile = /etc/ca.pem\n"
        for seed in 0..<800 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let file = SettingsFile(path: "config", text: String(decoding: mutations.damaged(Array(text.utf8)), as: UTF8.self))
            #expect(file.faults.count <= file.lines.count, "seed \(seed)")
            for (key, value) in file.values where key != .proxy { #expect(key.problem(with: value) == nil, "seed \(seed)") }
            let changed = file.setting(.language, to: "en")
            let again = SettingsFile(path: "config", text: changed.text)
            #expect(again.values[.language] == "en", "seed \(seed)")
            for (key, value) in file.values where key != .language { #expect(again.values[key] == value, "seed \(seed), \(key)") }
        }
    }
}
