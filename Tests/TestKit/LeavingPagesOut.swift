import BuntanProtocol

/// A request's bytes without the places of logs that it names: a server then leaves what has come to them to pulls, as it may.
///
/// What is no such request stays as it is.
package func leavingPagesOut(of body: [UInt8], method: String) -> [UInt8] {
    do throws(DecodingFault) {
        switch Method(rawValue: method) {
        case .heads: return HeadsRequest(digest: try HeadsRequest(decoding: body).digest).encoded()
        case .push:
            let push = try PushRequest(decoding: body)
            // After a loss it says more than what may be brought.
            guard push.held?.epoch == 0 else { return body }
            return PushRequest(space: push.space, items: push.items).encoded()
        default: return body
        }
    } catch { return body }
}
