import Foundation
import Testing

@testable import ClientCLI

@Suite("Gaps, and how each is followed through, by command")
struct GapsCommandTests {
    /// A provider that offers an RPO of a day where the customer requires four hours.
    private static func engaged(_ specification: String = "rpo=1d") async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("edit backup-specification --set \(specification)", store: "provider")
        try await publish(engaged, "2")
        await engaged.bench.expect("edit backup-requirement --set maxRpo=4h", store: "customer")
        return engaged
    }

    private static func publish(_ engaged: EngagedBench, _ label: String) async throws {
        await engaged.bench.expect("publish \(label) -m backups --yes", store: "provider")
        try engaged.syncBoth()
    }

    private static func gap(_ engaged: EngagedBench, _ field: String = "rpo", _ options: String...) async throws -> [String: Any] {
        let items = try await engaged.bench.run(["gaps", "--json"] + options, store: "customer").list
        return try #require(items.first { $0["field"] as? String == field }, "\(items)")
    }

    /// The words of a printed command as a shell hands them on, without the name of the program.
    static func words(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for sign in command {
            switch sign {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let done = word { words.append(done) }
                word = nil
            default: word = (word ?? "") + String(sign)
            }
        }
        return Array((words + (word.map { [$0] } ?? [])).dropFirst())
    }

    /// Types what a gap says to type next.
    @discardableResult
    private static func typeNext(
        _ engaged: EngagedBench, _ gap: [String: Any], editor: (@Sendable (String) -> String)? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let next = try #require(gap["next"] as? String, sourceLocation: sourceLocation)
        let outcome = await engaged.bench.run(list: words(next.replacing("=N", with: "=12")), store: "customer", editor: editor)
        #expect(outcome.exit == .done, "\(next): \(outcome.errors)", sourceLocation: sourceLocation)
        return outcome
    }

    /// What somebody fills in who is shown a form.
    private static func filling(_ lines: String) -> @Sendable (String) -> String {
        { form in
            let names = Set(lines.split(separator: "\n").compactMap { $0.split(separator: ":").first })
            var isSkipped = false
            let rest = form.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
                // The languages of a text stand beneath it.
                guard !line.hasPrefix(" ") || !isSkipped else { return false }
                isSkipped = names.contains { line.hasPrefix($0 + ":") }
                return !isSkipped
            }
            return rest.joined(separator: "\n") + "\n" + lines + "\n"
        }
    }

    /// Follows a gap through from risk to approval with the commands that it prints.
    private static func followThrough(_ engaged: EngagedBench) async throws {
        try await typeNext(engaged, gap(engaged))
        let named = try await gap(engaged)
        #expect(named["stage"] as? String == "named" && (named["lacking"] as? [String])?.contains("level") == true, "\(named)")
        try await typeNext(
            engaged, named,
            editor: filling(
                "ownerName: CIO\nconsequence: 4\nlikelihood: 3\nlevel: 12\nacceptanceLevel: 6\nassessedOn: 2026-11-20"))
        let assessed = try await gap(engaged)
        #expect(assessed["stage"] as? String == "assessed", "\(assessed)")
        try await typeNext(engaged, assessed)
        let begun = try await gap(engaged)
        #expect(begun["lacking"] as? [String] == ["planText", "ownerName", "dueOn"], "\(begun)")
        try await typeNext(engaged, begun, editor: filling("planText: {en: A copy of our own.}\nownerName: CIO\ndueOn: 2026-12-31"))
        let treated = try await gap(engaged)
        #expect(treated["stage"] as? String == "treated", "\(treated)")
        try await typeNext(engaged, treated)
        let approved = try await gap(engaged)
        #expect(approved["stage"] as? String == "approved" && approved["reopened"] as? Bool == false, "\(approved)")
    }

    @Test("Where the provider states nothing, the customer is sent to its gaps, not to a record that the provider alone writes")
    func nothingOffered() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect(
            "edit backup-requirement --set maxRpo=4h --set minRetention=1y --set maxIntegrityCheckInterval=30d", store: "customer")
        let found = try await bench.run("check", "--group", "BKP", "--json", store: "customer").list.filter {
            ["BKP-5", "BKP-7", "BKP-11"].contains($0["rule"] as? String)
        }
        #expect(found.count == 3 && found.allSatisfy { $0["next"] as? String == "buntan gaps" }, "\(found)")
        for next in Set(found.compactMap { $0["next"] as? String }) {
            #expect(await bench.run(list: Self.words(next), store: "customer").exit == .done, "\(next)")
        }
    }

    @Test("Gaps of two requirements of a kind go by the names of what requires")
    func alike() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        for hours in [2, 4] { await bench.expect("edit backup-requirement --set maxRpo=\(hours)h", store: "customer") }
        await bench.expect("edit backup-specification --set rpo=1d", store: "provider")
        try await Self.publish(engaged, "2")
        let found = try await bench.expect("gaps backup --json", store: "customer").list.filter { $0["field"] as? String == "rpo" }
        let titles = found.compactMap { ($0["title"] as? [String: Any])?["en"] as? String }
        #expect(titles.count == 2 && Set(titles).count == 2, "\(found.map { $0["title"] })")
    }

    @Test("A list of risks calls the gaps by their names")
    func listed() async throws {
        let engaged = try await Self.engaged()
        try await Self.typeNext(engaged, Self.gap(engaged))
        let list = await engaged.bench.expect("list risk", store: "customer").output
        let name = try #require((try await Self.gap(engaged)["title"] as? [String: Any])?["en"] as? String)
        #expect(list.contains("gapIds \(name)"), "\(list)")
    }

    @Test("A gap is told in units, in either language, with the command that begins its risk")
    func told() async throws {
        let engaged = try await Self.engaged()
        let english = await engaged.bench.run("gaps", store: "customer")
        #expect(english.exit == .done)
        #expect(english.output.contains("required 4 h, offered 1 d: 20 h too long"), "\(english.output)\(english.errors)")
        #expect(english.output.contains("no risk names it yet") && english.output.contains("buntan edit risk --gap "), "\(english.output)")
        let japanese = await engaged.bench.run("gaps", "--lang", "ja", store: "customer")
        #expect(japanese.output.contains("要求 4時間、提供 1日: 20時間超過"), "\(japanese.output)")
        #expect(japanese.output.contains("リスクが未特定") && japanese.output.contains("未回答の責任分担"), "\(japanese.output)")
        let gap = try await Self.gap(engaged)
        let part = try #require((gap["parts"] as? [[String: Any]])?.first)
        let difference = try #require(part["difference"] as? [String: Any])
        #expect(difference["type"] as? String == "too-long" && difference["amount"] as? Int == 72_000)
        #expect(gap["severity"] as? String == "must" && gap["rules"] as? [String] == ["BKP-5"])
        #expect(gap["requiredValue"] as? String == "PT4H" && gap["offeredValue"] as? String == "P1D" && gap["stage"] as? String == "none")
        #expect(await engaged.bench.run("gaps", "--exit-code", store: "customer").exit == .found)
        let areas = try await engaged.bench.run("gaps", "back", "--json", store: "customer").list.compactMap { $0["area"] as? String }
        #expect(Set(areas) == ["backup"], "\(areas)")
        #expect(await engaged.bench.run("gaps", "law", store: "customer").exit == .usage)
        let plain = await engaged.bench.run("gaps", "--plain", "--fields", "field,stage", store: "customer")
        #expect(plain.output.hasPrefix("field\tstage\nrpo\tnone\n"), "\(plain.output)")
        // It stays the same gap, whatever its provider does.
        let key = gap["key"] as? String
        await engaged.bench.expect("edit backup-specification --set rpo=2d", store: "provider")
        try await Self.publish(engaged, "3")
        let more = try await engaged.bench.run("gaps", "--json", store: "customer").list.filter { $0["field"] as? String == "rpo" }
        #expect(more.map { $0["key"] as? String } == [key], "\(more)")
    }

    @Test("The printed commands follow it through to the approval; a release that changes the offer reopens it, another does not")
    func chain() async throws {
        let engaged = try await Self.engaged("rto=8h")
        let bench = engaged.bench
        let id = try #require(try await bench.run("list", "backup-specification", "--json", store: "provider").list.first?["id"] as? String)
        await bench.expect("edit backup-specification \(id) --set rpo=1d", store: "provider")
        try await Self.publish(engaged, "3")
        try await Self.followThrough(engaged)
        let told = await bench.run("gaps", store: "customer")
        #expect(told.output.contains("its owner has approved what is left"), "\(told.output)")

        // What no comparison of this gap reads changes nothing in it.
        await bench.expect("edit backup-specification \(id) --set rto=9h --set dataFormat=qcow2", store: "provider")
        try await Self.publish(engaged, "4")
        let same = try await Self.gap(engaged)
        #expect(same["stage"] as? String == "approved" && same["reopened"] as? Bool == false, "\(same)")

        await bench.expect("edit backup-specification \(id) --set rpo=2d", store: "provider")
        try await Self.publish(engaged, "5")
        let reopened = try await Self.gap(engaged)
        #expect(reopened["stage"] as? String == "named" && reopened["reopened"] as? Bool == true, "\(reopened)")
        #expect((reopened["earlier"] as? [String: String]) == ["requiredValue": "PT4H", "offeredValue": "P1D"])
        let page = await bench.run("gaps", store: "customer")
        #expect(page.output.contains("reopened: was required 4 h, offered 1 d") && page.output.contains("1 reopened"), "\(page.output)")
        let japanese = await bench.run("gaps", "--lang", "ja", store: "customer")
        #expect(japanese.output.contains("再開: 以前は要求 4時間、提供 1日"), "\(japanese.output)")
        // Assessed and approved anew, it is closed again.
        // What is only named again is not assessed by that.
        let (risk, name) = (try #require(reopened["risk"] as? String), try #require(reopened["name"] as? String))
        await bench.expect("edit risk \(risk) --gap \(name)", store: "customer")
        #expect(try await Self.gap(engaged)["stage"] as? String == "named")
        try await Self.typeNext(engaged, reopened)
        try await Self.typeNext(engaged, Self.gap(engaged))
        let closed = try await Self.gap(engaged)
        #expect(closed["stage"] as? String == "approved" && closed["reopened"] as? Bool == false, "\(closed)")
    }

    @Test("An acceptance that is no approval yet is gone on with: the printed command makes no other one")
    func unfinishedAcceptance() async throws {
        let engaged = try await Self.engaged()
        try await Self.typeNext(engaged, Self.gap(engaged))
        let named = try await Self.gap(engaged)
        let risk = try #require(named["risk"] as? String)
        let name = try #require(named["name"] as? String)
        await engaged.bench.expect(
            "edit risk \(risk) --gap \(name) --set ownerName=CIO --set consequence=1 --set likelihood=2 --set level=2 --set acceptanceLevel=6",
            store: "customer")
        await engaged.bench.expect(
            "edit risk-acceptance --set riskId=\(risk) --set approvedByOwner=CIO --set approvedOn=2099-01-01 --set planApproved=no",
            store: "customer")
        let treated = try await Self.gap(engaged)
        let begun = try #require(treated["unfinishedApproval"] as? String)
        #expect(treated["stage"] as? String == "treated" && treated["approval"] is NSNull, "\(treated)")
        #expect(treated["lacking"] as? [String] == ["planApproved", "approvedOn", "residualLevel"], "\(treated)")
        let page = await engaged.bench.run("gaps", store: "customer").output
        #expect(page.contains("is not an approval yet") && page.contains("still to fill in: "), "\(page)")
        try await Self.typeNext(engaged, treated)
        let approved = try await Self.gap(engaged)
        #expect(approved["stage"] as? String == "approved" && approved["approval"] as? String == begun, "\(approved)")
        #expect(try await engaged.bench.run("list", "risk-acceptance", "--json", store: "customer").list.count == 1)
        // Whoever else gives it is named beside the owner.
        await engaged.bench.expect("edit risk-acceptance \(begun) --set approvedByOwner=Tanaka", store: "customer")
        let strangers = await engaged.bench.run("gaps", store: "customer").output
        #expect(strangers.contains("is by Tanaka, the risk is CIO's"), "\(strangers)")
        await engaged.bench.expect("edit risk-acceptance \(begun) --set approvedByOwner=CIO", store: "customer")
        // A day still to come is told of wherever it stands.
        await engaged.bench.expect("edit risk \(risk) --set assessedOn=2099-01-01", store: "customer")
        let found = try await engaged.bench.run("check", "--group", "DATA-1", "--json", store: "customer").list
        #expect(found.contains { $0["field"] as? String == "assessedOn" && $0["id"] as? String == risk }, "\(found)")
        let reassess = try await Self.gap(engaged)
        #expect(reassess["stage"] as? String == "named" && reassess["lacking"] as? [String] == ["assessedOn"], "\(reassess)")
        try await Self.typeNext(engaged, reassess)
        #expect(try await Self.gap(engaged)["stage"] as? String == "approved")
    }

    @Test("A supplementary measure is a way as well, typed as printed")
    func measure() async throws {
        let engaged = try await Self.engaged()
        let gap = try await Self.gap(engaged)
        let ways = try #require(gap["otherwise"] as? [String])
        let command = try #require(ways.first { $0.contains("supplementary-measure") })
        let outcome = await engaged.bench.run(Self.words(command + " --json"), store: "customer")
        #expect(outcome.exit == .done, "\(outcome.errors)")
        let made = try outcome.item["id"] as? String
        // Before it is in place it closes nothing, and is told of.
        let planned = try await Self.gap(engaged)
        #expect(planned["stage"] as? String == "none" && planned["unfinishedMeasure"] as? String == made, "\(planned)")
        #expect((await engaged.bench.run(["gaps"], store: "customer")).output.contains("is not in place yet"))
        let further = try #require((planned["otherwise"] as? [String])?.first { $0.contains("supplementary-measure") })
        #expect(further.contains(" --set inPlaceFrom="), "\(further)")
        #expect(await engaged.bench.run(Self.words(further), store: "customer").exit == .done)
        let measured = try await Self.gap(engaged)
        #expect(
            measured["stage"] as? String == "treated" && measured["measure"] as? String == made, "\(measured)")
        #expect((measured["next"] as? String)?.hasPrefix("buntan edit risk ") == true)
    }

    @Test("Nothing to compare is missing or unknown, and never no gap; the requirement is the customer's to know")
    func uncompared() async throws {
        let engaged = try await EngagedBench()
        let customer = await engaged.bench.run("gaps", store: "customer")
        #expect(customer.output.contains("No backup requirement yet") && !customer.output.contains("No gaps on"), "\(customer.output)")
        #expect(customer.output.contains("buntan edit backup-requirement"), "\(customer.output)")
        let provider = await engaged.bench.run("gaps", "-e", "kaisha", store: "provider")
        #expect(
            provider.output.contains("the customer may keep it to itself") && !provider.output.contains("No gaps on"), "\(provider.output)")
        let items = try await engaged.bench.run("gaps", "-e", "kaisha", "--json", store: "provider").list
        #expect(items.contains { $0["area"] as? String == "backup" && $0["result"] as? String == "requirement-unknown" }, "\(items)")
        // The rows wait for the customer, who is told what answers them.
        let row = try #require(
            try await engaged.bench.run("gaps", "--json", store: "customer").list.first { $0["area"] as? String == "responsibilities" })
        #expect(row["next"] as? String == "buntan accept ac-2" && row["side"] as? String == "customer", "\(row)")
        let answered = await engaged.bench.run(Self.words("buntan accept ac-2"), store: "customer")
        #expect(answered.exit == .done)
        let rest = try await engaged.bench.run("gaps", "--json", store: "customer").list.filter {
            $0["area"] as? String == "responsibilities"
        }
        #expect(rest.count == 3)
    }

    @Test("A provider without a backup function leaves backup to the customer, as 12.3.1 says")
    func customersDuty() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("edit cloud-service --set providesBackup=no", store: "provider")
        try await Self.publish(engaged, "2")
        let unasked = await engaged.bench.run("gaps", store: "customer")
        #expect(
            unasked.output.contains("Object Storage has no backup function, so backup is the customer's responsibility (12.3.1)."),
            "\(unasked.output)")
        await engaged.bench.expect("edit backup-requirement --set maxRpo=4h --set maxRto=8h", store: "customer")
        let gap = try await Self.gap(engaged, "backup")
        #expect(gap["side"] as? String == "customer" && (gap["next"] as? String)?.contains("supplementary-measure") == true, "\(gap)")
        let japanese = await engaged.bench.run("gaps", "--lang", "ja", store: "customer")
        #expect(japanese.output.contains("バックアップはカスタマの責任です"), "\(japanese.output)")
        let items = try await engaged.bench.run("gaps", "--json", store: "customer").list
        #expect(items.count { $0["area"] as? String == "backup" } == 1, "\(items)")
        // What is missing is said once, in either language.
        let english = await engaged.bench.run("gaps", store: "customer")
        #expect(english.output.contains(", offered nothing\n") && !english.output.contains("nothing: missing"), "\(english.output)")
        #expect(japanese.output.contains("、提供なし\n") && !japanese.output.contains("なし: なし"), "\(japanese.output)")
    }

    @Test("A law counts on the day that is asked about")
    func day() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect(
            "edit jurisdiction --set country=JP --set lawName/en=Old_Act --set lawExpiredOn=2027-04-01", store: "provider")
        try await Self.publish(engaged, "2")
        func laws(_ options: String...) async throws -> [[String: Any]] {
            try await engaged.bench.run(["gaps", "--json"] + options, store: "customer").list.filter {
                $0["rules"] as? [String] == ["JUR-3"]
            }
        }
        #expect(try await laws().isEmpty)
        #expect(try await laws("--at", "2027-03-31").isEmpty)
        #expect(try await laws("--at", "2027-04-01").count == 1)
        let later = await engaged.bench.run("gaps", "--at", "2027-04-11", store: "customer")
        #expect(later.output.contains("not in force for 10 days"), "\(later.output)")
        #expect(await engaged.bench.run("gaps", "--at", "2027-04-31", "--json", store: "customer").exit == .usage)
    }

    @Test("A gap is named in what is written of it: what was typed stands before what it says, and what names none is refused")
    func named() async throws {
        let engaged = try await Self.engaged()
        let bench = engaged.bench
        let name = try #require(try await Self.gap(engaged)["name"] as? String)
        let slip = await bench.run("edit", "risk", "--gap", "zzzz", "--json", store: "customer")
        #expect(slip.exit == .usage && slip.output.contains("unknown-id") && slip.output.contains("buntan gaps"), "\(slip.output)")
        let other = await bench.run("edit", "contact-point", "--gap", name, "--json", store: "customer")
        #expect(other.exit == .usage && other.output.contains("supplementary-measure"), "\(other.output)")
        let both = await bench.run("edit", "risk", "--gap", name, "--from", "-", "--json", store: "customer")
        #expect(both.exit == .usage && both.output.contains("options-exclude"), "\(both.output)")
        #expect(try await bench.run("list", "risk", "--json", store: "customer").list.isEmpty)

        let made = await bench.run("edit", "risk", "--gap", name, "--set", "title/en=Late copies", "--json", store: "customer")
        let id = try #require(try made.item["id"] as? String)
        let fields = try #require(try await bench.run("list", "risk", "--json", store: "customer").list.first?["fields"] as? [String: Any])
        #expect(
            fields["title"] as? [String: String] == [
                "en": "Late copies", "ja": try #require((fields["title"] as? [String: String])?["ja"]),
            ])
        #expect(fields["riskSource"] as? String == "backup-deficient" && fields["position"] as? String == "customer")
        #expect(try await Self.gap(engaged)["stage"] as? String == "named")
        // Begun once, it is gone on with, and dated once somebody says how bad it is.
        #expect(fields["assessedOn"] == nil || fields["assessedOn"] is NSNull)
        let gone = await bench.run(
            "edit", "risk", "--gap", name, "--set", "consequence=4", "--set", "likelihood=3", "--set", "level=12", "--set",
            "acceptanceLevel=6", "--set", "ownerName=CIO", "--json", store: "customer")
        #expect(try gone.item["id"] as? String == id && gone.item["isNew"] as? Bool == false, "\(gone.output)")
        let risk = try #require(try await bench.run("list", "risk", "--json", store: "customer").list.first?["fields"] as? [String: Any])
        #expect(risk["assessedOn"] as? String == "2026-11-23" && risk["level"] as? Int == 12, "\(risk)")
        #expect((risk["title"] as? [String: String])?["en"] == "Late copies", "\(risk)")
        #expect(try await bench.run("list", "risk", "--json", store: "customer").list.count == 1)
        #expect(try await Self.gap(engaged)["stage"] as? String == "assessed")
        // A risk that was there before is tied to it the same way.
        let before = await bench.run("edit", "risk", "--set", "title/en=Of old", "--json", store: "customer")
        let old = try #require(try before.item["id"] as? String)
        #expect(await bench.run("edit", "risk", old, "--gap", name, store: "customer").exit == .done)
        #expect(old != id)
        let risks = try await bench.run("list", "risk", "--json", store: "customer").list.compactMap { $0["fields"] as? [String: Any] }
        #expect(risks.allSatisfy { ($0["gapIds"] as? [String])?.count == 1 }, "\(risks)")
        // A reference to a record of another kind is none.
        let stray = await bench.run("edit", "risk-acceptance", "--set", "riskId=\(name)", "--json", store: "customer")
        #expect(stray.exit == .usage)
        let need = try #require(
            try await bench.run("list", "backup-requirement", "--json", store: "customer").list.first?["short"] as? String)
        let crossed = await bench.run("edit", "risk-acceptance", "--set", "riskId=\(need)", "--json", store: "customer")
        #expect(crossed.exit == .usage && crossed.output.contains("other-kind"), "\(crossed.output)")
        let second = await bench.run("edit", "backup-requirement", "--set", "maxRpo=2h", store: "customer")
        #expect(second.output.contains("1 other of backup-requirement is here already"), "\(second.output)")
        let shared = await bench.run("edit", "backup-requirement", need, "--set", "maxRpo=3h", "--shared", "--json", store: "customer")
        #expect(shared.exit == .usage && shared.output.contains("shared-at-beginning"), "\(shared.output)")
        let measure = await bench.run("edit", "supplementary-measure", "--gap", name, store: "customer")
        #expect(measure.exit == .done, "\(measure.errors)")
    }
}
