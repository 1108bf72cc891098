import BuntanProtocol
import Records
import Storage
import Syncing

extension Workspace {
    /// Gives the organisation another legal name: among its own records, and in each engagement, where the other side reads it.
    ///
    /// It is the name as a whole: a language that is not given has none any more. What was signed keeps the name it was signed
    /// with, and the fingerprint stays.
    ///
    /// - Returns: what was written, own records first; nothing where it is called so already.
    package func renameOrganisation(to name: [String: String]) throws -> [Committed] {
        try store.write { transaction in
            let identity = try transaction.identity()
            guard let home = identity.home else { throw WorkspaceFault.homeNotArrived }
            let engagements = try transaction.spaces().filter { space in
                guard let standing = try transaction.standing(of: space), standing.genesis.type == .engagement,
                    standing.genesis.party(identity.organisation) != nil
                else { return false }
                // A log that lies takes nothing more, and one that does not know the organisation yet will be told the new name.
                return try !transaction.isFrozen(space) && !transaction.legalName(identity.organisation, in: space).isEmpty
            }
            return try ([home] + engagements).compactMap { space in
                var cells: [CellKey: Value] = [:]
                for language in try transaction.legalName(identity.organisation, in: space).keys {
                    cells[CellKey("legalName", language)] = .null
                }
                for (language, text) in name { cells[CellKey("legalName", language)] = .text(text) }
                let draft = RecordDraft(space: space, kind: "party", key: [("org", .id(identity.organisation))], cells: cells)
                let committed = try commit([draft], in: space, transaction)
                return committed.isEmpty ? nil : committed
            }
        }
    }
}
