import BuntanProtocol

/// An answer's bytes without what has come to logs beside what was asked for: a server may leave that to pulls.
///
/// What is no such answer stays as it is.
package func leavingPagesOut(of answer: [UInt8], to method: String) -> [UInt8] {
    do throws(DecodingFault) {
        switch Method(rawValue: method) {
        case .heads: return HeadsAnswer(heads: try HeadsAnswer(decoding: answer).heads).encoded()
        case .push:
            let push = try VerdictsAnswer(decoding: answer)
            return VerdictsAnswer(verdicts: push.verdicts, note: push.note).encoded()
        default: return answer
        }
    } catch { return answer }
}
