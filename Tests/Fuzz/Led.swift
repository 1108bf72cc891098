import Foundation
import LibFuzzer

/// A run of one target by inputs that are led by what they reach of its reader: the toolchain's libFuzzer, with the changes that the target
/// knows among its own. All of it is called on one thread.
final class Led {
    private let target: FuzzTarget
    private var inputs: Inputs
    private var (count, taken) = (0, 0)

    static var isThere: Bool { libfuzzer_is_linked() != 0 }

    private init(_ target: FuzzTarget, seed: UInt64) {
        self.target = target
        inputs = Inputs(seed: seed)
    }

    /// Runs one target, and ends the process: with another status than 0 where something was found.
    ///
    /// - Parameter folder: Where inputs that reach something new are kept from run to run, and one that finds something.
    static func run(_ target: FuzzTarget, seconds: Double, seed: UInt64, folder: URL) throws -> Never {
        let (kept, given) = (folder.appending(path: "kept/\(target.name)"), folder.appending(path: "given/\(target.name)"))
        for one in [kept, given] { try FileManager.default.createDirectory(at: one, withIntermediateDirectories: true) }
        for (number, bytes) in target.corpus.enumerated() { try Data(bytes).write(to: given.appending(path: String(number))) }
        let longest = target.corpus.map(\.count).max() ?? 0
        let arguments = [
            "buntan-fuzz", "-max_total_time=\(max(1, Int(seconds)))", "-seed=\(UInt32(truncatingIfNeeded: seed))",
            "-max_len=\(max(4_096, 2 * longest))", "-timeout=20", "-verbosity=0",
            "-artifact_prefix=\(folder.path)/found-\(target.name)-", kept.path, given.path,
        ]
        var words = arguments.map { strdup($0) } + [nil]
        // The process ends with the run: nobody is left to release it.
        let run = Unmanaged.passRetained(Led(target, seed: seed)).toOpaque()
        let calls = libfuzzer_calls(
            context: run,
            input: { run, data, size in Led.of(run)?.judge(UnsafeBufferPointer(start: data, count: size)) },
            change: { run, data, size, most, seed in
                Led.of(run)?.change(data, size, most, seed) ?? libfuzzer_mutate(data, size, most)
            }, end: { run in Led.of(run)?.close() ?? 0 })
        exit(libfuzzer_run(CInt(arguments.count), &words, calls))
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Led? {
        context.map { Unmanaged<Led>.fromOpaque($0).takeUnretainedValue() }
    }

    private func judge(_ bytes: UnsafeBufferPointer<UInt8>) {
        count += 1
        do { if try target.judge(Array(bytes)) { taken += 1 } } catch {
            complain("\(target.name): \(error)")
            // libFuzzer writes the input down.
            abort()
        }
    }

    /// As the target would change it, or as libFuzzer does.
    private func change(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ most: Int, _ seed: UInt32) -> Int {
        guard let data, seed % 2 == 0 else { return libfuzzer_mutate(data, size, most) }
        let made = target.make(&inputs, Array(UnsafeBufferPointer(start: data, count: size)))
        guard !made.isEmpty, made.count <= most else { return libfuzzer_mutate(data, size, most) }
        for (index, byte) in made.enumerated() { data[index] = byte }
        return made.count
    }

    /// Tells how many there were. A target that takes nothing, or everything, looks at nothing.
    private func close() -> CInt {
        print("\(target.name): \(count) inputs, \(taken) taken")
        guard count >= 1_000, taken == 0 || taken == count else { return 0 }
        complain("\(target.name) took \(taken) of \(count) inputs: it judges nothing")
        return 1
    }

    private func complain(_ sentence: String) { FileHandle.standardError.write(Data((sentence + "\n").utf8)) }
}
