import BuntanProtocol

/// What a keeper without the key can tell of a sealed change, and what it is not to blame for (PROTOCOL.md section 13).
///
/// ```
/// c1 begins a record     c2 writes to it and says in the open that it follows on c1
/// c2 comes first         unknown_pred, as in a space that is not sealed: c2 waits with whoever sent it
/// ```
/// A keeper that puts c2 before c1 all the same is refused by all: nobody would see again what c2 holds.
extension Ledger {
    /// Whether what a sealed change says that it follows on stands in this log; of any other change its ops tell.
    func holdsWhatPrecedes(_ change: Change) throws -> Bool {
        try change.sealed?.follows.allSatisfy { try place(of: $0) != nil } ?? true
    }

    /// Whether a change that is refused stands in the log all the same and changes nothing: only those who can open it can tell.
    func isPassedOver(_ checked: ReceivedChange, for refusal: Refusal) throws -> Bool {
        guard genesis.policy.isSealed, try holdsWhatPrecedes(checked.change) else { return false }
        return checked.opened != nil && refusal.code.isJudgedByReplicas || refusal == checked.unsound
    }
}

extension Code {
    /// Whether only those who can open a sealed change can give this refusal.
    fileprivate var isJudgedByReplicas: Bool {
        switch self {
        case .schemaUnknown, .notOwner, .unknownPredecessor, .unknownRecord, .invalid, .tooManyHeads: true
        default: false
        }
    }
}
