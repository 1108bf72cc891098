import BuntanProtocol
import Foundation
import Synchronization
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("A server that has too much to do")
struct BusyServerTests {
    /// Answers the next pushes with `busy`, as many of them as it is told, and lets all others through.
    private final class Crowd: MethodAnswering {
        private let inner: any MethodAnswering
        private let left: Busy

        init(_ inner: any MethodAnswering, _ left: Busy) { (self.inner, self.left) = (inner, left) }

        func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder? { inner.holder(of: token, atMillis: now) }

        func answer(_ call: MethodCall) async -> MethodAnswer {
            guard call.method == BuntanProtocol.Method.push.rawValue, left.take() else { return await inner.answer(call) }
            return MethodAnswer(status: 503, body: ErrorAnswer(.busy, retryAfterMillis: 1).encoded())
        }
    }

    private final class Busy: Sendable {
        private let count = Mutex(0)
        var left: Int { count.withLock { $0 } }
        func set(_ number: Int) { count.withLock { $0 = number } }

        func take() -> Bool {
            count.withLock { count in
                guard count > 0 else { return false }
                count -= 1
                return true
            }
        }
    }

    @Test(
        "sync asks again and everything typed arrives; where it stays busy the outbox is kept for the next sync", .timeLimit(.minutes(20)))
    func asksAgain() async throws {
        let (bench, busy) = (try CommandBench(), Busy())
        try await LoopbackServer.with(bench.path + "/server", answering: { Crowd($0, busy) }) { server in
            await bench.expect("init --org Example_Cloud --server \(server.address)")
            await bench.expect("service add Object_Storage")
            await bench.expect("sync")
            // Three are waited for; four are one more than a sync waits for. Drafts are sealed: none goes beside the question for the logs.
            for (number, count, exit) in [(1, 3, CommandExit.done), (2, 4, .network), (3, 0, .done)] {
                await bench.expect("import \(try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-\(number),shared\n"))")
                busy.set(count)
                await bench.expect("sync", exit: exit)
                #expect(busy.left == 0)
                let outbox = await bench.expect("outbox --json")
                #expect(try #require(try outbox.json["items"] as? [Any]).isEmpty == (exit == .done), "\(outbox.output)")
            }
        }
    }
}
