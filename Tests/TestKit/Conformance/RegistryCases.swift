import BuntanProtocol
import Storage
import Syncing

extension StoreCase {
    private static func key(_ number: UInt64) -> PublicKey { PublicKey(word0: number, word1: 1, word2: 2, word3: 3) }
    private static func organisation(_ number: UInt64) -> OrganisationID { OrganisationID(high: number, low: number) }

    private static func signature(_ byte: UInt8) throws -> Signature {
        guard let signature = Signature([UInt8](repeating: byte, count: 64)) else { throw Unmet(description: "64 bytes are no signature") }
        return signature
    }

    static let registry: [StoreCase] = [
        StoreCase("An organisation is registered with all its facts, and changed by registering it again") { store in
            var plain = RegisteredOrganisation(id: organisation(2), rootKey: key(2), label: nil, admitted: 5)
            let full = RegisteredOrganisation(
                id: organisation(1), rootKey: key(1), label: "Ärzte 東京", admitted: 1_700_000_000_000, isSuspended: true, quotaBytes: 0)
            try store.write {
                try $0.register(plain)
                try $0.register(full)
            }
            try expect(try store.read { try $0.organisations() }, is: [full, plain], "organisations")
            plain.isSuspended = true
            plain.label = "later"
            plain.quotaBytes = 1 << 40
            try store.write { [plain] in try $0.register(plain) }
            try expect(try store.read { try $0.organisation(plain.id) }, is: plain, "after the change")
            try expect(try store.read { try $0.organisation(organisation(3)) }, is: nil, "an unknown one")
        },
        StoreCase("Statements form one chain an organisation, without gaps") { store in
            let statements = try (1...3).map { SignedBytes(bytes: [UInt8($0)], signature: try signature(UInt8($0))) }
            try store.write { writer in
                for (index, statement) in statements.enumerated() {
                    try writer.appendStatement(statement, number: index + 1, of: organisation(1))
                }
            }
            try expect(.conflict(expected: 4, found: 3), "a gap") {
                try store.write { try $0.appendStatement(statements[0], number: 5, of: organisation(1)) }
            }
            try expect(.conflict(expected: 2, found: 3), "a number taken") {
                try store.write { try $0.appendStatement(statements[0], number: 3, of: organisation(1)) }
            }
            try expect(try store.read { try $0.statements(of: organisation(1)) }, is: statements, "statements")
            try expect(try store.read { try $0.statements(of: organisation(2)) }, is: [], "another's statements")
        },
        StoreCase("A device belongs to the organisation that it was last set to") { store in
            try store.write { try $0.setDevice(key(1), of: organisation(1)) }
            try expect(try store.read { try $0.organisation(ofDevice: key(1)) }, is: organisation(1), "organisation")
            try store.write { try $0.setDevice(key(1), of: organisation(2)) }
            try expect(try store.read { try $0.organisation(ofDevice: key(1)) }, is: organisation(2), "organisation later")
            try expect(try store.read { try $0.organisation(ofDevice: key(2)) }, is: nil, "organisation of no device")
        },
        StoreCase("Invitations are kept by id and organisation, with their use") { store in
            var first = RegisteredInvitation(
                id: InvitationID(high: 1, low: 1), organisation: organisation(1), invitation: [1, 2], signature: try signature(1),
                expires: 9)
            let second = RegisteredInvitation(
                id: InvitationID(high: 2, low: 2), organisation: organisation(1), invitation: [3], signature: try signature(2), expires: 8,
                usedBy: SpaceID(high: 5, low: 5), isRevoked: true)
            try store.write { [first] in
                try $0.setInvitation(second)
                try $0.setInvitation(first)
            }
            try expect(try store.read { try $0.invitations(of: organisation(1)) }, is: [first, second], "invitations")
            first.usedBy = SpaceID(high: 6, low: 6)
            try store.write { [first] in try $0.setInvitation(first) }
            try expect(try store.read { try $0.invitation(first.id) }, is: first, "after its use")
            try expect(try store.read { try $0.invitations(of: organisation(2)) }, is: [], "another's invitations")
            try expect(try store.read { try $0.invitation(InvitationID(high: 3, low: 3)) }, is: nil, "an unknown one")
        },
        StoreCase("An admission code is known by its digest and remembers who used it") { store in
            let digest = SHA.digest([1])
            var admission = RegisteredAdmission(label: nil, expires: 7)
            try store.write { [admission] in try $0.setAdmission(admission, for: digest) }
            try expect(try store.read { try $0.admission(digest) }, is: admission, "admission")
            admission.usedBy = organisation(1)
            try store.write { [admission] in try $0.setAdmission(admission, for: digest) }
            try expect(try store.read { try $0.admission(digest) }, is: admission, "admission after its use")
            try expect(try store.read { try $0.admission(SHA.digest([2])) }, is: nil, "an unknown one")
        },
        StoreCase("An organisation's heads are those of the spaces it may read") { store in
            var first = try SampleLog(seed: 1)
            let second = try SampleLog(seed: 2)
            let absent = SpaceID(high: 0, low: 1)
            let update = try first.writing([.sample(1): "text"])
            try store.write { writer in
                try writer.apply(first.beginning)
                try writer.apply(update)
                try writer.apply(second.beginning)
                for space in [first.space, second.space, absent] { try writer.grantReading(space, to: organisation(1)) }
                try writer.grantReading(first.space, to: organisation(1))
                try writer.grantReading(second.space, to: organisation(2))
            }
            let expected = [SpaceHead(space: first.space, epoch: 0, size: 3), SpaceHead(space: second.space, epoch: 0, size: 2)]
            try store.read { reader in
                try expect(try reader.heads(for: organisation(1)), is: expected.sorted { $0.space < $1.space }, "heads")
                try expect(try reader.heads(for: organisation(2)), is: [expected[1]], "heads of another")
                try expect(try reader.heads(for: organisation(3)), is: [], "heads of a stranger")
                try expect(try reader.mayRead(first.space, organisation(1), at: .max), "may not read")
                try expect(try !reader.mayRead(first.space, organisation(2), at: 0), "may read")
            }
            try store.write {
                try $0.endReading(first.space, by: organisation(1))
                try $0.endReading(first.space, by: organisation(3))
            }
            try store.read { reader in
                try expect(try reader.heads(for: organisation(1)), is: [expected[1]], "heads afterwards")
                try expect(try !reader.mayRead(first.space, organisation(1), at: 0), "may read afterwards")
            }
        },
        StoreCase("A reading that ends is one until then, and no longer than it was said last") { store in
            let log = try SampleLog(seed: 1)
            try store.write { writer in
                try writer.apply(log.beginning)
                try writer.grantReading(log.space, to: organisation(1), until: 1_000)
                try writer.grantReading(log.space, to: organisation(2))
            }
            let head = SpaceHead(space: log.space, epoch: 0, size: log.beginning.standing.size)
            try store.read { reader in
                try expect(try reader.heads(for: organisation(1), at: 999), is: [head], "heads before")
                try expect(try reader.heads(for: organisation(1), at: 1_000), is: [], "heads afterwards")
                try expect(try reader.heads(for: organisation(1)), is: [], "heads for good")
                try expect(try reader.heads(for: organisation(2)), is: [head], "heads of whom no time is set")
                try expect(try reader.mayRead(log.space, organisation(1), at: 999), "may not read before")
                try expect(try !reader.mayRead(log.space, organisation(1), at: 1_000), "may read afterwards")
                try expect(try reader.mayRead(log.space, organisation(2), at: .max), "may not read for good")
                try expect(try reader.readingEnd(of: log.space, by: organisation(1)), is: 1_000, "the end")
                try expect(try reader.readingEnd(of: log.space, by: organisation(3)), is: nil, "a stranger's")
            }
            try store.write { writer in
                try writer.grantReading(log.space, to: organisation(1), until: 500)
                try writer.grantReading(log.space, to: organisation(2), until: 700)
            }
            try store.read { reader in
                let expected = [
                    Reading(space: log.space, organisation: organisation(1), end: 500),
                    Reading(space: log.space, organisation: organisation(2), end: 700),
                ]
                try expect(Set(try reader.readings()), is: Set(expected), "the readings that were set anew")
            }
        },
    ]
}
