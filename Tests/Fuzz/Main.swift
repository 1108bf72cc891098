import ArgumentParser
import ChildProcesses
import Foundation

/// `buntan-fuzz`: readers of bytes from outside, held against inputs by the million (`make fuzz`).
@main
struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buntan-fuzz", abstract: "Holds every reader of bytes from outside against inputs made from good ones.",
        discussion: """
            With --led, inputs are led by what they reach of a reader. Without it the same seed gives the same inputs. An input that a \
            reader dies of stays in the file of --last, or in the folder of --led, and `--replay` reads it again; what has found \
            something is kept under Tests/Fuzz/Corpus, in the folder of its target.
            """)

    @Option(help: "One target, or all in turn.")
    var target = "all"
    @Option(help: "Inputs of each target.")
    var inputs: Int?
    @Option(help: "Seconds for all targets together, where no number of inputs is given.")
    var seconds = 60.0
    @Option(help: "What the inputs are drawn from.")
    var seed: UInt64 = 1
    @Option(help: "The folder of the repository.", completion: .directory)
    var repository = "."
    @Option(help: "Where the input lies that is being read.", completion: .file())
    var last = ".build/fuzz-last"
    @Option(help: "Read this file alone, with the target.", completion: .file())
    var replay: String?
    @Option(help: "Let what inputs reach lead them, and keep those that reach more in this folder.", completion: .directory)
    var led: String?
    @Flag(name: .customLong("here"), help: .hidden)
    var isHere = false

    func validate() throws {
        guard led == nil || Led.isThere else { throw ValidationError("This program was built without libFuzzer.") }
        guard inputs ?? 1 > 0, seconds > 0 else { throw ValidationError("Counts begin at 1.") }
    }

    func run() throws {
        let root = URL(filePath: repository)
        let corpus = root.appending(path: "Tests/Fuzz/Corpus")
        let all =
            try LayoutTargets.all(vectors: root.appending(path: "Protocol/Vectors"), corpus: corpus)
            + FileTargets.all(fixtures: root.appending(path: "Tests/Fixtures"), corpus: corpus)
        let chosen = all.filter { target == "all" || $0.name == target }
        guard !chosen.isEmpty else {
            throw ValidationError("There is no target \(target); there are \(all.map(\.name).joined(separator: ", ")).")
        }
        if let replay {
            let bytes = try LastInput.read(replay)
            for target in chosen { print("\(target.name): \(try target.judge(bytes) ? "taken" : "refused")") }
            return
        }
        if let led {
            if isHere { try Led.run(chosen[0], seconds: seconds, seed: seed, folder: URL(filePath: led)) }
            for target in chosen { try runLed(target, in: led, seconds / Double(chosen.count)) }
            print("nothing found")
            return
        }
        let kept = try LastInput(path: last)
        var total = 0
        for target in chosen { total += try run(target, seconds / Double(chosen.count), kept) }
        kept.forget()
        print("\(total) inputs, nothing found")
    }

    /// Lets a process of its own run a target: libFuzzer ends the one in which it runs.
    private func runLed(_ target: FuzzTarget, in folder: String, _ seconds: Double) throws {
        // What libFuzzer says of its work is for whoever looks for a fault.
        let told = Pipe()
        let process = try ChildProcess(
            CommandLine.arguments[0],
            [
                "--led", folder, "--here", "--target", target.name, "--seconds", String(seconds), "--seed", String(seed),
                "--repository", repository,
            ], errors: .pipe(told))
        let words = try told.fileHandleForReading.everything()
        guard process.end() == 0 else {
            FileHandle.standardError.write(Data(words.suffix(16_384)))
            throw Finding(sentence: "\(target.name) has found something: see \(folder)/found-\(target.name)-…, for --replay")
        }
    }

    /// Returns how many inputs there were.
    private func run(_ target: FuzzTarget, _ seconds: Double, _ kept: LastInput) throws -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        var draw = Inputs(seed: seed)
        var (count, taken) = (0, 0)
        var slowest = Duration.zero
        for bytes in target.corpus { _ = try judged(bytes, target, kept) }
        while inputs.map({ count < $0 }) ?? (clock.now - start < .seconds(seconds)) {
            let bytes = target.make(&draw, target.corpus[draw.below(target.corpus.count)])
            let begun = clock.now
            if try judged(bytes, target, kept) { taken += 1 }
            slowest = max(slowest, clock.now - begun)
            count += 1
        }
        let elapsed = (clock.now - start) / .seconds(1)
        print(
            "\(target.name): \(count) inputs, \(taken) taken, \(Int(Double(count) / elapsed)) a second, slowest \(slowest / .milliseconds(1)) ms"
        )
        // A target that takes nothing, or everything, looks at nothing.
        guard count < 1_000 || (taken > 0 && taken < count) else {
            throw Finding(sentence: "\(target.name) took \(taken) of \(count) inputs: it judges nothing")
        }
        return count
    }

    private func judged(_ bytes: [UInt8], _ target: FuzzTarget, _ kept: LastInput) throws -> Bool {
        kept.keep(bytes)
        do { return try target.judge(bytes) } catch {
            throw Finding(sentence: "\(target.name): \(error); the input lies in \(kept.path)")
        }
    }
}
