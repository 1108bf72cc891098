package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

extension Registrar {
    /// Does the first step of a request in a reading transaction of its own.
    package func prepare(_ call: IncomingCall, in store: some SpaceStore) throws -> Prepared {
        do {
            return try store.read { try prepare(call, $0) }
        } catch let view as ViewBehindMark {
            return try store.read { try holding(view).prepare(call, $0) }
        }
    }

    /// Does a whole request in one call: for simulations and for clients in the same process.
    ///
    /// `wait` answers at once, as `heads` does. A fault of the store is answered as a server would; what is thrown is none
    /// of either, such as the process dying.
    package func answer(
        method: String, body: [UInt8], token: [UInt8]?, remote: String = "local", now: Int64, store: some SpaceStore
    ) throws -> (status: Int, body: [UInt8]) {
        let call = IncomingCall(method: method, body: body, token: token, now: now)
        do {
            switch try prepare(call, in: store) {
            case .answer(let body): return (200, body)
            case .wait: return (200, HeadsAnswer(heads: nil).encoded())
            case .work(let work):
                let pieces = (0..<work.count).map(work.check)
                let outcome = try store.write { try work.finish(pieces, $0) }
                try mark.advance(outcome.touched, chains: outcome.chains)
                return (200, outcome.answer())
            }
        } catch {
            guard let refused = ErrorAnswer(answering: error), let code = refused.code else { throw error }
            return (code.httpStatus, refused.encoded())
        }
    }
}

extension ErrorAnswer {
    /// What a client is told of an error, or `nil` for one that no answer foresees.
    package init?(answering error: any Error) {
        switch error {
        case let refusal as Refusal: self.init(refusal)
        case let revoked as DeviceRevoked:
            self.init(.noSession, detail: "device_revoked", revocation: revoked.statement, leading: revoked.leading)
        case let changed as EpochChanged: self.init(.epochChanged, endedEpochs: Array(changed.ended))
        case is ViewBehindMark: self.init(.recovering)
        // Whoever hands a log over is told what is wrong with it, as with a change.
        case LogFault.invalidEntry(_, _, let refusal): self.init(refusal)
        case LogFault.badCheckpoint: self.init(.badSignature, detail: "note")
        case LogFault.rootMismatch: self.init(.baseMismatch, detail: "root")
        case StorageFault.busy, StorageFault.conflict: self.init(.busy, retryAfterMillis: 1_000)
        case is StorageFault, is LogFault, is TileFault: self.init(.unavailable)
        default: return nil
        }
    }
}
