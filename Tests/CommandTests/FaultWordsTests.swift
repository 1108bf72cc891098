import BuntanProtocol
import ClientTransport
import Foundation
import Replica
import Storage
import Syncing
import Testing
import Wording

@testable import ClientCLI

@Suite("Every fault has a sentence, a code and an exit")
struct FaultWordsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: any Error
        let code: String
        let exit: CommandExit
        /// What the sentence must name.
        let named: [String]
        var testDescription: String { code }

        init(_ fault: any Error, _ code: String, _ exit: CommandExit, _ named: String...) {
            self.fault = fault
            self.code = code
            self.exit = exit
            self.named = named
        }
    }

    private static let space = SpaceID(high: 0x0123_4567_89ab_cdef, low: 2)

    static let cases: [Case] = [
        Case(StorageFault.busy(holder: 77), "store-in-use", .machine, "77"),
        Case(StorageFault.busy(holder: nil), "store-in-use-unnamed", .machine),
        Case(StorageFault.diskFull, "disk-full", .machine), Case(StorageFault.readOnly, "no-permission", .machine),
        Case(StorageFault.noPermission, "no-permission", .machine),
        Case(StorageFault.newer(version: 9, known: 1), "store-newer", .machine, "9", "1"),
        Case(StorageFault.damaged("leaf"), "store-damaged", .unverified, "leaf"), Case(StorageFault.notAStore, "store-not-ours", .machine),
        Case(WorkspaceFault.frozen(space), "space-frozen", .unverified),
        Case(WorkspaceFault.noServer, "no-server", .usage), Case(WorkspaceFault.notEnrolled(space), "not-enrolled", .refused),
        Case(
            SyncFault.refused(.register, .noRight, detail: "admission_needed", retryAfterMillis: nil), "admission-needed", .refused,
            "SERVER"),
        Case(
            SyncFault.refused(.register, .noRight, detail: "admission_unknown", retryAfterMillis: nil), "admission-wrong", .refused,
            "SERVER"),
        Case(SyncFault.refused(.register, .noRight, detail: "admission_used", retryAfterMillis: nil), "admission-used", .refused, "SERVER"),
        Case(
            SyncFault.refused(.register, .noRight, detail: "admission_expired", retryAfterMillis: nil), "admission-expired", .refused,
            "SERVER"),
        Case(SyncFault.refused(.register, .invalid, detail: "invitation_used", retryAfterMillis: nil), "code-used-undated", .refused),
        Case(SyncFault.refused(.register, .invalid, detail: "invitation_expired", retryAfterMillis: nil), "code-expired-undated", .refused),
        Case(
            SyncFault.refused(.createSpace, .invalid, detail: "invitation_revoked", retryAfterMillis: nil), "code-revoked-unnamed", .refused
        ),
        Case(
            SyncFault.refused(.createSpace, .invalid, detail: "invitation_unknown", retryAfterMillis: nil), "code-unknown", .refused,
            "SERVER"),
        Case(SyncFault.refused(.invitation, .notFound, detail: nil, retryAfterMillis: nil), "code-unknown", .refused, "SERVER"),
        Case(SyncFault.refused(.register, .notFound, detail: nil, retryAfterMillis: nil), "code-unknown", .refused, "SERVER"),
        Case(SyncFault.incompatible(lowest: 2, highest: 3), "server-newer", .network, "SERVER", "2"),
        Case(SyncFault.incompatible(lowest: 0, highest: 0), "server-older", .network, "SERVER", "0"),
        Case(SyncFault.notUnderstood(.pull, DecodingFault(.truncated, at: 3)), "server-answer-invalid", .network, "SERVER", "pull"),
        Case(SyncFault.notEnrolled, "not-enrolled", .refused), Case(SyncFault.disowned, "device-disowned", .refused),
        Case(
            SyncFault.revoked(
                OwnRevocation(time: 1_700_000_000_000, signer: PublicKey(word0: 1, word1: 2, word2: 3, word3: 4), label: "desk")),
            "device-revoked", .refused, "2023-11-14", "desk"),
        Case(SyncFault.chainOutrun, "chain-outrun", .refused),
        Case(PublishFault.moreLeaves(["boundaryNote"]), "publish-changed", .refused),
        Case(JoinFault.doesNotVerify(Refusal(.badSignature)), "code-fingerprint-differs", .unverified, "SERVER"),
        Case(
            JoinFault.expired(1_700_000_000_000), "code-expired", .refused, "2023-11-14"),
        Case(JoinFault.ownInvitation, "code-is-own", .usage),
        Case(
            TransportFault.certificate(.expired(sinceMillis: 1_700_000_000_000), host: "h.example"), "certificate-expired", .network,
            "h.example", "2023-11-14"),
        Case(
            TransportFault.certificate(.notYetValid(untilMillis: 1_700_000_000_000), host: "h.example"), "certificate-not-yet", .network,
            "h.example", "2023-11-14"),
        Case(
            TransportFault.certificate(.otherHost(names: ["a.example", "b.example"]), host: "h.example"), "certificate-other-name",
            .network, "h.example", "a.example, b.example"),
        Case(TransportFault.certificate(.untrusted, host: "h.example"), "certificate-unknown-issuer", .network, "h.example"),
        Case(TransportFault.cannotResolve(host: "h.example"), "server-name", .network, "h.example"),
        Case(TransportFault.refused(host: "h.example", port: 1), "server-unreachable", .network, "h.example:1"),
        Case(TransportFault.timedOut(.answering), "server-timed-out", .network, "SERVER"),
        Case(TransportFault.connectionLost, "connection-lost", .network, "SERVER"),
        Case(TransportFault.notThisServer(status: 200, contentType: "text/html"), "server-not-buntan", .network, "SERVER"),
        Case(TransportFault.proxyUnreachable(host: "p.example", port: 8, .refused), "proxy-failed", .network, "p.example:8", "refused"),
        Case(TransportFault.proxyUnreachable(host: "p.example", port: 8, .name), "proxy-failed", .network, "p.example:8"),
        Case(TransportFault.proxyUnreachable(host: "p.example", port: 8, .tooSlow), "proxy-failed", .network, "timed out"),
        Case(TransportFault.proxyUnreachable(host: "p.example", port: 8, .noWay), "proxy-failed", .network, "No route"),
        Case(TransportFault.proxyRefused(.credentials, host: "p.example", port: 8), "proxy-denies", .network, "p.example:8"),
        Case(TransportFault.proxyRefused(.authentication, host: "p.example", port: 8), "proxy-asks", .network, "p.example:8"),
        Case(TransportFault.proxyRefused(.connection, host: "p.example", port: 8), "proxy-forbids", .network, "p.example:8"),
        Case(TransportFault.unreachable(host: "h.example", port: 1), "server-unreachable", .network, "h.example:1"),
        Case(TransportFault.noTLS(host: "h.example", port: 1), "server-no-tls", .network, "h.example:1"),
        Case(TransportFault.answerTooLarge(limit: 77), "server-answer-too-large", .network, "SERVER", "77"),
        Case(TransportFault.answerCut, "connection-lost", .network, "SERVER"),
        Case(TransportFault.trustFileUnreadable(path: "/ca.pem", errno: nil), "ca-file-invalid", .usage, "/ca.pem"),
        Case(TransportFault.trustFileUnreadable(path: "/ca.pem", errno: 2), "ca-file-unreadable", .usage, "/ca.pem"),
    ]

    @Test("It says what happened and to what, in both languages, and leaves no gap", arguments: cases)
    func words(of fault: Case) throws {
        var failure = try #require(FaultWords.failure(fault.fault))
        // What only the command knows is filled in by it.
        if failure.facts["server"] == .text("") { failure.facts["server"] = "SERVER" }
        if failure.facts["path"] == .text("") { failure.facts["path"] = "STORE" }
        if failure.facts["provider"] == .text("") { failure.facts["provider"] = "PROVIDER" }
        #expect(failure.code == fault.code && failure.exit == fault.exit)
        #expect(!failure.facts.values.contains(.text("")), "\(failure.facts)")
        for language in Language.allCases {
            let sentence = failure.message(in: language)
            for name in fault.named { #expect(sentence.contains(name), "\(sentence)") }
            #expect(!sentence.contains("{"), "\(sentence)")
        }
    }

    @Test("A field that would leave is called what people call it, in either language")
    func leaving() throws {
        let failure = try #require(FaultWords.failure(PublishFault.moreLeaves(["boundaryNote"])))
        #expect(failure.message(in: .en).contains("demarcation of responsibility") && failure.message(in: .ja).contains("責任分界"))
    }
}
