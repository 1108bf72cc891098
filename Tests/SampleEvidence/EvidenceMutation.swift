import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import TestKit

/// A way to tamper with evidence, and what has to be found then, in order, among others that follow from it.
struct EvidenceMutation: CustomStringConvertible, Sendable {
    let description: String
    let finding: String
    let apply: @Sendable (inout Evidence, TwoLogs) throws -> Void

    init(_ name: String, _ finding: String, _ apply: @escaping @Sendable (inout Evidence, TwoLogs) throws -> Void) {
        (description, self.finding, self.apply) = (name, finding, apply)
    }
}

extension EvidenceMutation {
    private static func edit(_ evidence: inout Evidence, _ old: String, _ new: String, rehash: Bool) {
        let text = String(decoding: evidence.document, as: UTF8.self).replacing(old, with: new)
        evidence.document = Array(text.utf8)
        if rehash { evidence.digest = SHA.digest(evidence.document) }
    }

    /// Rewrites the document over other records, all digests as they should be.
    private static func rewrite(_ evidence: inout Evidence, _ logs: TwoLogs, _ change: (AgreementDocument) throws -> AgreementDocument)
        throws
    {
        evidence.document = try change(logs.document).encoded()
        evidence.digest = SHA.digest(evidence.document)
    }

    static let all: [EvidenceMutation] = [
        EvidenceMutation("a letter of the document", "document-changed") { e, _ in edit(&e, "shared", "sharee", rehash: false) },
        EvidenceMutation("a value, with the document's digest renewed", "document-broken") { e, _ in
            edit(&e, "shared", "vendor", rehash: true)
        },
        EvidenceMutation("a value and every digest over it", "signature-bad") { e, logs in
            try rewrite(&e, logs) { document in
                let records = try document.records.map { record in
                    try TwoLogs.settled(
                        CoveredRecord(
                            space: record.space, record: record.record, kind: record.kind,
                            cells: record.cells.map {
                                $0.value == Value.text("shared").encoded ? .init(key: $0.key, value: Value.text("customer").encoded) : $0
                            }))
                }
                return AgreementDocument(
                    agreement: document.agreement, engagement: document.engagement, service: document.service, provider: document.provider,
                    customer: document.customer, release: document.release, validFrom: document.validFrom, validTo: document.validTo,
                    terms: document.terms, scope: document.scope, except: [], records: records)
            }
        },
        EvidenceMutation("the last day", "signature-bad") { e, _ in edit(&e, "2027-11-30", "2028-11-30", rehash: true) },
        EvidenceMutation("the zone of the days", "signature-bad") { e, _ in edit(&e, "Asia/Tokyo", "Asia/Seoul", rehash: true) },
        EvidenceMutation("another agreement's id", "document-elsewhere") { e, logs in
            try rewrite(&e, logs) { $0.renamed(to: RecordID.timeOrdered(millis: 77, random: Nonce(high: 7, low: 7))) }
        },
        EvidenceMutation("the parties changed over", "document-elsewhere") { e, logs in
            let (provider, customer) = (logs.provider.organisation.hex, logs.customer.organisation.hex)
            edit(&e, provider, "x", rehash: false)
            edit(&e, customer, provider, rehash: false)
            edit(&e, "\"x\"", "\"\(customer)\"", rehash: true)
        },
        EvidenceMutation("a member more", "document-broken") { e, _ in edit(&e, "{\"agreement\"", "{\"a\":1,\"agreement\"", rehash: true) },
        EvidenceMutation("a blank", "document-broken") { e, _ in edit(&e, "\"scope\":", "\"scope\": ", rehash: true) },
        EvidenceMutation("a covered record among the exceptions", "document-broken") { e, logs in
            edit(&e, "\"except\":[]", "\"except\":[\"\(logs.row.hex)\"]", rehash: true)
        },
        EvidenceMutation("the customer's signature left out", "signature-missing") { e, logs in
            e.engagementLog.entries.removeAll { $0.position == logs.words[0] }
        },
        EvidenceMutation("both signatures left out", "signature-missing") { e, logs in
            e.engagementLog.entries.removeAll { logs.words.contains($0.position) }
        },
        EvidenceMutation("a byte of the engagement's genesis", "genesis-bad") { e, _ in e.engagementLog.flip(entry: 0, byte: 40) },
        EvidenceMutation("the service's genesis for the engagement's", "genesis-bad") { e, _ in
            e.engagementLog.entries[0] = e.serviceLog.entries[0]
        },
        EvidenceMutation("no genesis", "genesis-bad") { e, _ in e.serviceLog.entries.removeFirst() },
        EvidenceMutation("another space's name", "genesis-bad") { e, _ in e.service = SpaceID(high: 5, low: 5) },
        EvidenceMutation("a statement left out of its chain", "statement-bad") { e, _ in e.engagementLog.entries.remove(at: 1) },
        EvidenceMutation("a byte of a statement", "statement-bad") { e, _ in e.engagementLog.flip(entry: 2, byte: 60) },
        EvidenceMutation("a statement's bytes for a genesis", "statement-bad") { e, _ in
            e.engagementLog.entries[1] = LogExcerpt.Held(
                position: 1, bytes: e.engagementLog.entries[0].bytes, payload: nil, proof: e.engagementLog.entries[1].proof)
        },
        EvidenceMutation("all of the customer's statements left out", "statement-bad") { e, _ in
            e.engagementLog.entries.removeAll { [3, 4].contains($0.position) }
        },
        EvidenceMutation("a checkpoint by another key", "log-bad") { e, logs in
            e.engagementLog.note = Checkpoint(
                origin: logs.engagement.origin, size: logs.engagement.base.size, root: logs.engagement.base.root
            ).signed(by: logs.provider.root)
        },
        EvidenceMutation("the other log's checkpoint", "log-bad") { e, logs in e.engagementLog.note = logs.service.note },
        EvidenceMutation("a checkpoint that is none", "log-bad") { e, _ in e.serviceLog.note = "hello\n\n" },
        EvidenceMutation("a checkpoint with another root", "log-bad") { e, _ in
            var lines = e.engagementLog.note.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            lines[1] = String((Int(lines[1]) ?? 0) + 1)
            e.engagementLog.note = lines.joined(separator: "\n")
        },
        EvidenceMutation("a hash of a proof", "inclusion-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[1]) { held in
                LogExcerpt.Held(
                    position: held.position, bytes: held.bytes, payload: held.payload, proof: [SHA.empty] + held.proof.dropFirst())
            }
        },
        EvidenceMutation("a proof cut short", "inclusion-bad") { e, _ in
            let held = e.serviceLog.entries[1]
            e.serviceLog.entries[1] = LogExcerpt.Held(
                position: held.position, bytes: held.bytes, payload: nil, proof: Array(held.proof.dropLast()))
        },
        EvidenceMutation("a signature said to stand earlier", "inclusion-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[0]) {
                LogExcerpt.Held(position: $0.position + 100, bytes: $0.bytes, payload: $0.payload, proof: $0.proof)
            }
        },
        EvidenceMutation("the time of a signature's entry", "inclusion-bad") { e, logs in
            try e.engagementLog.replace(entry: logs.words[0]) { held in
                let entry = try Entry(decoding: held.bytes)
                let later = Entry(kind: .change, received: entry.received + 1, content: entry.content, signature: entry.signature)
                return LogExcerpt.Held(position: held.position, bytes: later.encoded(), payload: held.payload, proof: held.proof)
            }
        },
        EvidenceMutation("a value of a signature", "entry-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[0]) { held in
                var payload = held.payload ?? []
                payload[payload.count - 3] ^= 1
                return LogExcerpt.Held(position: held.position, bytes: held.bytes, payload: payload, proof: held.proof)
            }
        },
        EvidenceMutation("no values of a signature", "entry-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[0]) {
                LogExcerpt.Held(position: $0.position, bytes: $0.bytes, payload: nil, proof: $0.proof)
            }
        },
        EvidenceMutation("a byte of the change that signs", "entry-bad") { e, logs in
            let index = e.engagementLog.entries.firstIndex { $0.position == logs.words[0] } ?? 0
            e.engagementLog.flip(entry: index, byte: 90)
        },
        EvidenceMutation("no proof that a view is of this log", "view-bad") { e, _ in e.engagementLog.consistency = [:] },
        EvidenceMutation("another proof that a view is of this log", "view-bad") { e, _ in
            for size in e.serviceLog.consistency.keys { e.serviceLog.consistency[size] = [SHA.empty] }
        },
        EvidenceMutation("the release left out", "release-missing") { e, logs in
            e.serviceLog.entries.removeAll { $0.position == logs.release }
        },
    ]
}

extension LogExcerpt {
    fileprivate mutating func flip(entry index: Int, byte: Int) {
        let held = entries[index]
        var bytes = held.bytes
        bytes[byte] ^= 1
        entries[index] = Held(position: held.position, bytes: bytes, payload: held.payload, proof: held.proof)
    }

    fileprivate mutating func replace(entry position: Int, _ change: (Held) throws -> Held) rethrows {
        guard let index = entries.firstIndex(where: { $0.position == position }) else { return }
        entries[index] = try change(entries[index])
        entries.sort { $0.position < $1.position }
    }
}
