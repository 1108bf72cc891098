import BuntanProtocol
import ChangeLog
import TestKit

/// An organisation with its keys, as nobody has them outside of a test.
struct Firm {
    let root: SigningKey
    let admin: DeviceKeys
    var chain: OrganisationChain
    var statements: [SignedBytes]
    var random: SeededRandom

    var id: OrganisationID { chain.organisation }

    init(_ seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        let founded = try FoundedOrganisation(label: "first", time: 1, random: &random)
        root = founded.root
        admin = founded.device
        chain = founded.chain
        statements = founded.statements
    }

    /// The statement that would come next, whether or not the chain would take it.
    func draft(_ act: Statement.Act, by key: SigningKey? = nil) -> SignedBytes {
        StatementAuthor(organisation: id, key: key ?? admin.signing).sign(act, after: chain.head, time: 2)
    }

    @discardableResult
    mutating func say(_ act: Statement.Act) throws -> SignedBytes {
        let statement = draft(act)
        try chain.append(statement)
        statements.append(statement)
        return statement
    }

    mutating func enrol(_ capabilities: Capabilities = .all) throws -> (keys: DeviceKeys, statement: SignedBytes) {
        let keys = DeviceKeys(random: &random)
        return (keys, try say(.enrolling(keys, in: id, capabilities: capabilities, label: "next")))
    }

    func registering(_ ticket: RegisterRequest.Ticket? = nil) -> RegisterRequest {
        RegisterRequest(statements: statements, rootKey: root.publicKey, ticket: ticket)
    }
}
