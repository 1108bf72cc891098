import BuntanProtocol
import ClientTransport
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Turns faults of the rooms below into failures with their sentence and exit code.
enum FaultWords {
    static func failure(_ error: any Error) -> CommandFailure? {
        switch error {
        case let fault as StorageFault: storage(fault)
        case let fault as WorkspaceFault: workspace(fault)
        case let fault as SyncFault: sync(fault)
        case let fault as TransportFault: transport(fault)
        case let fault as PublishFault: publish(fault)
        case let fault as RowFault: row(fault)
        case let fault as JoinFault: join(fault)
        case let fault as ServiceFault: service(fault)
        case let fault as HandoverFault: handover(fault)
        case let fault as LogFault: log(fault)
        // What this device may not say itself, judged as its server would.
        case let refusal as Refusal where refusal.code == .noRight && refusal.detail == "admin":
            CommandFailure(.noRight, ["right": .text(Capabilities.admin.shown(Language.spoken))], next: "buntan devices")
        // What comes from elsewhere is read where it arrives: bytes that cannot be read here are the store's.
        case let fault as DecodingFault: storage(.damaged("\(fault)"))
        default: nil
        }
    }

    /// The store's path, which the program puts in: no room below knows where it lies.
    private static var path: Fact { .text("") }

    /// How long a writer has waited: as every command opens its store.
    private static var waited: Fact { .number(Int(SQLiteStoreOptions.client.wait)) }

    static func storage(_ fault: StorageFault) -> CommandFailure {
        switch fault {
        case .busy(let holder?):
            CommandFailure(.storeInUse, ["path": path, "process": .number(Int(holder)), "seconds": waited])
        case .busy(nil): CommandFailure(.storeInUseUnnamed, ["path": path, "seconds": waited])
        case .diskFull: CommandFailure(.diskFull, ["path": path])
        case .readOnly, .noPermission: CommandFailure(.noPermission, ["path": path])
        case .newer(let version, let known):
            CommandFailure(.storeNewer, ["path": path, "found": .number(version), "known": .number(known)])
        case .damaged(let detail): CommandFailure(.storeDamaged, ["path": path, "detail": .text(detail)])
        case .notAStore: CommandFailure(.storeNotOurs, ["path": path])
        case .conflict: CommandFailure(.storeInUseUnnamed, ["path": path, "seconds": .number(0)])
        case .engine(_, let detail): CommandFailure(.cannotWrite, ["path": path, "reason": .text(detail)])
        }
    }

    static func workspace(_ fault: WorkspaceFault) -> CommandFailure {
        switch fault {
        case .notInitialised: CommandFailure(.noStore, ["path": path], next: "buntan init --org NAME")
        case .alreadyInitialised: CommandFailure(.storeExists, ["path": path, "name": .text("")])
        case .keysNeeded: CommandFailure(.keysMissing, ["path": path])
        case .unknownSpace: CommandFailure(.noService)
        case .notEnrolled: CommandFailure(.notEnrolled)
        case .readsOnly(let space): CommandFailure(.auditorReads, ["engagement": .text(leastLetters(of: space.bytes))])
        case .refused(let refusal, _): self.refusal(refusal.code)
        case .tooManyOps: self.refusal(.tooLarge)
        case .severalValues(let record, .life):
            CommandFailure(.deletedAndEdited, ["record": .text(leastLetters(of: record.bytes))], next: "buntan conflicts")
        case .severalValues(let record, let cell):
            CommandFailure(
                .fieldConflicting, ["field": .text(cell.shown), "record": .text(leastLetters(of: record.bytes))], next: "buntan conflicts",
                place: CommandFailure.Place(field: cell.shown))
        case .homeNotArrived: CommandFailure(.homeNotArrived, next: "buntan sync")
        case .noSpaceKey: CommandFailure(.notEnrolled, next: "buntan sync")
        case .frozen: CommandFailure(.spaceFrozen, ["path": path], next: "buntan doctor")
        case .catchingUp(let behind):
            CommandFailure(.notVerifiedYet, ["left": .number(max(1, behind.size - behind.verified))], next: "buntan sync")
        case .unsentUnderLostKeys(let record):
            CommandFailure(.unsentUnderLostKeys, ["record": .text(leastLetters(of: record.bytes))], next: "buntan sync")
        case .noServer: CommandFailure(.noServer)
        }
    }

    static func refusal(_ code: Code) -> CommandFailure {
        guard let phrase = RefusalPhrases(rawValue: code.rawValue) else { return CommandFailure(.serverAnswerInvalid) }
        return CommandFailure(phrase)
    }

    static func sync(_ fault: SyncFault) -> CommandFailure {
        switch fault {
        case .noServer: return CommandFailure(.noServer)
        case .notUnderstood(let method, _):
            return CommandFailure(.serverAnswerInvalid, ["server": .text(""), "method": .text(method.rawValue)])
        case .refused(let method, let code, let detail, _): return refused(method, code, detail: detail)
        case .incompatible(let lowest, let highest):
            return highest < 1
                ? CommandFailure(.serverOlder, ["server": .text(""), "found": .number(highest), "needed": .number(1)])
                : CommandFailure(.serverNewer, ["server": .text(""), "found": .number(lowest), "known": .number(1)])
        case .otherServer(let known, let found):
            return CommandFailure(.serverOther, ["server": .text(""), "known": .text(known), "found": .text(found)])
        case .notEnrolled: return CommandFailure(.notEnrolled)
        case .disowned: return CommandFailure(.deviceDisowned, next: "buntan outbox export FILE")
        case .revoked(let revocation):
            return CommandFailure(
                .deviceRevoked,
                [
                    "date": .text(Timestamp.rfc3339(milliseconds: revocation.time)),
                    "label": .text(revocation.label ?? revocation.signer.shownKey),
                ], next: "buntan outbox export FILE")
        case .chainOutrun: return CommandFailure(.chainOutrun)
        }
    }

    /// A refusal by what was asked and by the detail that the server gives, where that tells more than the code.
    static func refused(_ method: Method, _ code: Code?, detail: String?) -> CommandFailure {
        switch (method, detail) {
        case (_, "invitation_used"?): CommandFailure(.codeUsedUndated)
        case (_, "invitation_expired"?): CommandFailure(.codeExpiredUndated)
        case (_, "invitation_revoked"?): CommandFailure(.codeRevokedUnnamed)
        case (_, "invitation_unknown"?), (.invitation, _): CommandFailure(.codeUnknown, ["server": .text("")])
        case (.register, "admission_unknown"?): CommandFailure(.admissionWrong, ["server": .text("")], next: "buntan join CODE")
        case (.register, "admission_used"?): CommandFailure(.admissionUsed, ["server": .text("")], next: "buntan join CODE")
        case (.register, "admission_expired"?): CommandFailure(.admissionExpired, ["server": .text("")], next: "buntan join CODE")
        case (.register, _) where code == .notFound: CommandFailure(.codeUnknown, ["server": .text("")])
        case (.register, _) where code == .noRight: CommandFailure(.admissionNeeded, ["server": .text("")], next: "buntan join CODE")
        default: refusal(code ?? .invalid)
        }
    }

    static func transport(_ fault: TransportFault) -> CommandFailure {
        switch fault {
        case .cannotResolve(let host): return CommandFailure(.serverName, ["server": .text(host)])
        case .refused(let host, let port): return unreachable(host, port, ECONNREFUSED)
        case .unreachable(let host, let port): return unreachable(host, port, EHOSTUNREACH)
        case .timedOut(let phase):
            return CommandFailure(
                .serverTimedOut, ["server": .text(""), "seconds": .number(phase == .connecting ? 10 : HTTPTransport.answerSeconds)])
        case .certificate(let problem, let host):
            switch problem {
            case .expired(let millis):
                return CommandFailure(.certificateExpired, ["server": .text(host), "date": .text(Timestamp.rfc3339(milliseconds: millis))])
            case .notYetValid(let millis):
                return CommandFailure(.certificateNotYet, ["server": .text(host), "date": .text(Timestamp.rfc3339(milliseconds: millis))])
            case .otherHost(let names):
                return CommandFailure(
                    .certificateOtherName, ["server": .text(host), "names": .text(names.isEmpty ? "?" : names.joined(separator: ", "))])
            case .untrusted: return CommandFailure(.certificateUnknownIssuer, ["server": .text(host)])
            }
        case .noTLS(let host, let port):
            let server = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
            // In the open only what stays on this machine may go.
            let isHere = ServerURL(server)?.isLoopback == true
            return CommandFailure(isHere ? .plainServerHere : .serverNoTLS, ["server": .text(server)])
        case .notThisServer(let status, _): return CommandFailure(.serverNotBuntan, ["server": .text(""), "status": .number(status)])
        case .proxyUnreachable(let host, let port, let obstacle):
            return CommandFailure(.proxyFailed, ["proxy": .text("\(host):\(port)"), "reason": reason(obstacle)])
        case .proxyRefused(.authentication, let host, let port):
            return CommandFailure(.proxyAsks, ["proxy": .text("\(host):\(port)")])
        case .proxyRefused(.credentials, let host, let port):
            return CommandFailure(.proxyDenies, ["proxy": .text("\(host):\(port)")])
        case .proxyRefused(.connection, let host, let port):
            return CommandFailure(.proxyForbids, ["proxy": .text("\(host):\(port)")])
        case .answerTooLarge(let limit): return CommandFailure(.serverAnswerTooLarge, ["server": .text(""), "limit": .number(limit)])
        case .answerBroken: return CommandFailure(.serverAnswerBroken, ["server": .text("")])
        case .connectionLost, .answerCut: return CommandFailure(.connectionLost, ["server": .text("")])
        case .cancelled: return CommandFailure(.interrupted, ["kept": .word(PromptPhrases.stepsKept)])
        case .trustFileUnreadable(let path, nil): return CommandFailure(.caFileInvalid, ["path": .text(path)])
        case .trustFileUnreadable(let path, let number?):
            return CommandFailure(.caFileUnreadable, ["path": .text(path), "reason": .text(SystemReason.of(errno: number))])
        }
    }

    private static func reason(_ obstacle: TransportFault.Obstacle) -> Fact {
        switch obstacle {
        case .name: .word(SyncPhrases.nameUnknown)
        case .refused: .text(SystemReason.of(errno: ECONNREFUSED))
        case .noWay: .text(SystemReason.of(errno: EHOSTUNREACH))
        case .tooSlow: .text(SystemReason.of(errno: ETIMEDOUT))
        }
    }

    private static func unreachable(_ host: String, _ port: Int, _ number: Int32) -> CommandFailure {
        CommandFailure(.serverUnreachable, ["server": .text("\(host):\(port)"), "reason": .text(SystemReason.of(errno: number))])
    }

    static func publish(_ fault: PublishFault) -> CommandFailure {
        switch fault {
        case .conflicts(let records): CommandFailure(.releaseUnsettled, ["n": .number(records.count)], next: "buntan conflicts")
        case .labelTaken(let label): CommandFailure(.releaseExists, ["label": .text(label), "date": .word(AgreementPhrases.unsentYet)])
        case .nothingToPublish: CommandFailure(.draftEmpty, next: "buntan import FILE")
        case .documentTooLarge(let bytes):
            CommandFailure(.documentTooLarge, ["size": .number(bytes), "limit": .number(Limits.documentBytes)])
        case .moreLeaves(let fields):
            CommandFailure(
                .publishChanged, ["fields": .phrase(PublicationPlan.names(of: fields), [:])], next: "buntan publish LABEL -m WHY")
        }
    }

    static func row(_ fault: RowFault) -> CommandFailure {
        switch fault {
        case .unknownRow(let key): CommandFailure(.unknownRow, ["row": .text(key.controlId)])
        case .nothingToAccept(let key): CommandFailure(.nothingToTake, ["row": .text(key.shown)])
        case .unsettled(let key): CommandFailure(.theirsUnsettled, ["row": .text(key.shown)])
        }
    }

    static func join(_ fault: JoinFault) -> CommandFailure {
        switch fault {
        case .doesNotVerify: CommandFailure(.codeFingerprintDiffers, ["server": .text("")])
        case .expired(let millis):
            CommandFailure(.codeExpired, ["date": .text(Timestamp.rfc3339(milliseconds: millis)), "provider": .text("")])
        case .ownInvitation: CommandFailure(.codeIsOwn)
        case .otherServer(let known): CommandFailure(.codeOtherServer, ["server": .text(""), "known": .text(known)])
        case .noLogKey: CommandFailure(.noServer, next: "buntan sync")
        }
    }

    static func handover(_ fault: HandoverFault) -> CommandFailure {
        switch fault {
        case .notConfirmed(let engagement):
            CommandFailure(
                .successorUnconfirmed, ["handle": .text(engagement.handle), "fingerprint": .text(engagement.counterpart.fingerprint)],
                next: "buntan confirm \(engagement.handle)")
        case .none: CommandFailure(.handoverNone)
        }
    }

    static func service(_ fault: ServiceFault) -> CommandFailure {
        switch fault {
        case .retired(let day): CommandFailure(.serviceRetired, ["date": .text(day)])
        case .unknownRelease(let label, let known):
            CommandFailure(
                .unknownRelease, ["label": .text(label)], next: "buntan releases",
                candidates: Nearest.words(to: label, among: known).map { CommandFailure.Candidate(name: $0) })
        case .withdrawnAlready(let label): CommandFailure(.releaseWithdrawnAlready, ["label": .text(label)])
        }
    }

    static func log(_ fault: LogFault) -> CommandFailure {
        let entry: Fact =
            switch fault {
            case .missingEntry(_, let position), .invalidEntry(_, let position, _): .number(position)
            case .rootMismatch(_, let size, _, _): .number(size)
            case .fellBack(_, _, let offered): .number(offered)
            case .notTheGenesis: .number(0)
            case .snapshotDiffers(_, let size, _): .number(size)
            case .badCheckpoint, .badSnapshot, .notForThisReader: .text("-")
            }
        return CommandFailure(.pageDoesNotVerify, ["server": .text(""), "entry": entry, "path": path])
    }
}
