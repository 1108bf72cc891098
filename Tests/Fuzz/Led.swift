import Foundation
import LibFuzzer

/// Inputs led by what they reach of a reader: the toolchain's libFuzzer, with the changes that a target knows among its own.
enum Led {
    // C calls functions that hold nothing of their own. All of it runs on one thread, and the first is written before the others run.
    nonisolated(unsafe) private static var target: FuzzTarget?
    nonisolated(unsafe) private static var inputs = Inputs(seed: 1)
    nonisolated(unsafe) private static var count = 0
    nonisolated(unsafe) private static var taken = 0

    static var isThere: Bool { libfuzzer_is_linked() != 0 }

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
        Self.target = target
        inputs = Inputs(seed: seed)
        atexit { Led.close() }
        var words = arguments.map { strdup($0) } + [nil]
        let status = libfuzzer_run(
            CInt(arguments.count), &words, { data, size in Led.judge(UnsafeBufferPointer(start: data, count: size)) },
            { data, size, most, seed in Led.change(data, size, most, seed) })
        exit(status)
    }

    private static func judge(_ bytes: UnsafeBufferPointer<UInt8>) -> CInt {
        guard let target else { return 0 }
        count += 1
        do { if try target.judge(Array(bytes)) { taken += 1 } } catch {
            complain("\(target.name): \(error)")
            // libFuzzer writes the input down.
            abort()
        }
        return 0
    }

    /// As the target would change it, or as libFuzzer does.
    private static func change(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ most: Int, _ seed: UInt32) -> Int {
        guard let target, let data, seed % 2 == 0 else { return libfuzzer_mutate(data, size, most) }
        let made = target.make(&inputs, Array(UnsafeBufferPointer(start: data, count: size)))
        guard !made.isEmpty, made.count <= most else { return libfuzzer_mutate(data, size, most) }
        for (index, byte) in made.enumerated() { data[index] = byte }
        return made.count
    }

    private static func close() {
        guard let target else { return }
        print("\(target.name): \(count) inputs, \(taken) taken")
        fflush(nil)
        // A target that takes nothing, or everything, looks at nothing.
        if count >= 1_000, taken == 0 || taken == count {
            complain("\(target.name) took \(taken) of \(count) inputs: it judges nothing")
            _exit(1)
        }
    }

    private static func complain(_ sentence: String) { FileHandle.standardError.write(Data((sentence + "\n").utf8)) }
}
