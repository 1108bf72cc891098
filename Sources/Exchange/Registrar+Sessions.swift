import BuntanProtocol
import ChangeLog
import Storage

extension Registrar {
    func hello(_ request: HelloRequest, at now: Int64) throws -> Prepared {
        .answer(
            HelloRequest.Answer(
                lowest: 1, highest: 1, schema: schema.version,
                limits: Dictionary(Limits.announced.map { ($0.name, $0.limit) }) { first, _ in first }, serverName: identity.name,
                time: now, logKey: identity.logKey.publicKey
            ).encoded())
    }

    /// Hands out a nonce; the answer for a device that nobody knows is made the same way.
    func challenge(_ request: ChallengeRequest, at now: Int64) throws -> Prepared {
        .answer(ChallengeRequest.Answer(nonce: seals.challenge(for: request.device, at: now)).encoded())
    }

    /// Gives a token for a challenge that was answered with the device's key; everything else is `no_session`.
    func session(_ request: SessionRequest, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let isCurrent = seals.isCurrent(request.nonce, for: request.device, at: now)
        // The signature is checked whether or not anything else holds: time tells nothing of who is known here.
        let isSigned = request.isValid(serverName: identity.name)
        let caller = try caller(request.device, reader)
        if isCurrent, isSigned, caller == nil, let revocation = try revocation(of: request.device, reader) {
            throw revocation
        }
        guard isCurrent, isSigned, caller != nil else { throw Refusal(.noSession) }
        let expires = now + Limits.sessionMillis
        return .answer(
            SessionRequest.Answer(token: seals.token(for: request.device, expires: expires), expires: expires).encoded())
    }

    /// The word by which its organisation has ended a device's rights; `nil` where none has, or the operator has the last word.
    private func revocation(of device: DeviceID, _ reader: any StoreReader) throws -> DeviceRevoked? {
        guard let organisation = try reader.organisation(ofDevice: device), let known = try reader.organisation(organisation),
            !known.isSuspended, try reader.chain(of: organisation)?.devices[device]?.isRevoked == true
        else { return nil }
        // What stands in the registry was read when it was taken.
        let said = try reader.statements(of: organisation).map { (signed: $0, act: try? Statement(decoding: $0.bytes).act) }
        guard let end = said.firstIndex(where: { if case .revoke(device, _)? = $0.act { true } else { false } }) else { return nil }
        let enrolled = said[..<end].lastIndex { if case .enrol(device, _, _, _, _)? = $0.act { true } else { false } } ?? end
        let leading = said[enrolled..<end].dropFirst().map(\.signed)
        return DeviceRevoked(statement: said[end].signed, leading: leading.count > Limits.leadingStatements ? [] : leading)
    }
}

/// Why a device that has shown its key is given no session: it alone is told, and by what.
struct DeviceRevoked: Error {
    let statement: SignedBytes
    /// What was said between the device's enrolment and that; none where it is more than an answer holds.
    let leading: [SignedBytes]
}
