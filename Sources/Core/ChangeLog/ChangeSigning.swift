package import BuntanProtocol

/// Makes changes in a device's name: signed, and final once made.
package struct ChangeAuthor: Sendable {
    package let space: SpaceID
    private let key: SigningKey
    private let spaceKey: SpaceKey?

    /// With a space key the edits and values go out as ciphertext.
    package init(space: SpaceID, key: SigningKey, spaceKey: SpaceKey? = nil) {
        self.space = space
        self.key = key
        self.spaceKey = spaceKey
    }

    /// Returns a change of the edits with one value an op, in the ops' order.
    ///
    /// A sealed one says in the open which changes it follows on: those that its ops name, and `also`, by which a record stands
    /// that it writes to and names nothing of.
    ///
    /// Throws `tooLarge` if it could never be accepted. A change without edits, with a record twice or with another number
    /// of values than ops is the caller's error.
    package func change(
        edits: [Edit], values: [EncodedValue], also: Set<ChangeID> = [], base: Base, time: Int64, schema: Int,
        random: inout some RandomSource
    ) throws(Refusal) -> SignedChange {
        let nonce = random.nonce()
        let seed = random.nonce()
        return try change(
            edits: edits, values: values, also: also, base: base, time: time, schema: schema, nonce: nonce, seed: seed, random: &random)
    }

    /// Returns the change with a nonce and seed of the caller's; a sealed change draws two nonces of its cipher besides.
    package func change(
        edits: [Edit], values: [EncodedValue], also: Set<ChangeID> = [], base: Base, time: Int64, schema: Int, nonce: Nonce,
        seed: Nonce, random: inout some RandomSource
    ) throws(Refusal) -> SignedChange {
        let opCount = edits.reduce(0) { $0 + $1.ops.count }
        precondition(opCount == values.count && opCount > 0, "A change has a value for each of its ops.")
        guard opCount <= Limits.opsPerChange else { throw Refusal(.tooLarge, "ops") }
        let payload = Payload.whole(seed: seed, values: values)
        let valuesRoot = ValuesRoot.root(of: payload)
        let id = Change.id(device: key.publicKey, nonce: nonce)
        var payloadBytes = payload.encoded()
        let content: Change.Content
        if let spaceKey {
            let editBytes = EditList.encoded(edits)
            try ChangeLimits.check(edits: edits, payload: payload, bytes: editBytes.count + payloadBytes.count)
            let sealed = spaceKey.seal(editBytes, as: .edits, space: space, change: id, random: &random)
            payloadBytes = spaceKey.seal(payloadBytes, as: .payload, space: space, change: id, random: &random)
            content = .sealed(
                SealedEdits(
                    bytes: sealed, keyEpoch: spaceKey.epoch, payload: SHA.digest(payloadBytes),
                    follows: also.union(EditList.named(in: edits))))
        } else {
            content = .edits(edits)
        }
        let bytes = Change(
            space: space, device: key.publicKey, nonce: nonce, base: base, time: time, schema: schema, content: content,
            valuesRoot: valuesRoot
        ).encoded()
        switch content {
        case .edits: try ChangeLimits.check(edits: edits, payload: payload, bytes: bytes.count + payloadBytes.count)
        case .sealed: try ChangeLimits.checkSealed(bytes: bytes.count, payload: payloadBytes.count)
        }
        return SignedChange(bytes: bytes, signature: key.sign("change", bytes), payload: payloadBytes)
    }
}

/// A change that has been checked as far as it can be without a log.
package struct CheckedChange: Hashable, Sendable {
    package let change: Change
    /// `nil` for a sealed change, whose payload only holders of the space key can read.
    package let payload: Payload?
}

/// Checks changes as they arrive: steps 4 and 6 of sync.md section 5, over the bytes as received.
package enum ChangeCheck {
    /// Which of a payload's two forms may stand here.
    package enum PayloadForm: Hashable, Sendable {
        /// New changes have all their values.
        case whole
        /// Changes that the log holds may have had values erased.
        case afterErasure
    }

    package static func verify(_ signed: SignedChange) throws(Refusal) -> Change { try check(signed).change }

    /// Returns the change and its payload if they are well formed, within limits, signed, and fit one another.
    package static func check(_ signed: SignedChange, form: PayloadForm = .whole) throws(Refusal) -> CheckedChange {
        guard let memory = SignatureMemory.current else { return try judge(signed, form) }
        return try memory.change(signed, form) { () throws(Refusal) in try judge(signed, form) }
    }

    private static func judge(_ signed: SignedChange, _ form: PayloadForm) throws(Refusal) -> CheckedChange {
        // A signature is the dearest thing here; what is too large or malformed never gets to it.
        guard signed.bytes.count <= Limits.changeBytes, signed.payload.count <= ChangeLimits.mostPayloadBytes else {
            throw Refusal(.tooLarge, "change")
        }
        let change = try decoding { () throws(DecodingFault) in try Change(decoding: signed.bytes) }
        let payload: Payload?
        switch change.content {
        case .edits(let edits):
            let decoded = try decoding { () throws(DecodingFault) in try Payload(decoding: signed.payload) }
            try ChangeLimits.check(edits: edits, payload: decoded, bytes: signed.bytes.count + signed.payload.count)
            payload = decoded
        case .sealed(let sealed):
            try ChangeLimits.checkSealed(bytes: signed.bytes.count, payload: signed.payload.count)
            // Values that nobody here can read are erased all together, and nothing is left of them.
            guard signed.payload.isEmpty ? form == .afterErasure : SHA.digest(signed.payload) == sealed.payload else {
                throw Refusal(.badSignature, "payload")
            }
            payload = nil
        }
        guard SignatureCheck.isValid(signed.signature, by: change.device, label: "change", content: signed.bytes) else {
            throw Refusal(.badSignature, "change")
        }
        if let payload, let edits = change.edits { try match(payload, edits, change.valuesRoot, form) }
        return CheckedChange(change: change, payload: payload)
    }

    static func match(_ payload: Payload, _ edits: [Edit], _ valuesRoot: Digest, _ form: PayloadForm) throws(Refusal) {
        if case .partial = payload, form == .whole { throw Refusal(.badSignature, "payload") }
        guard payload.count == edits.reduce(0, { $0 + $1.ops.count }), ValuesRoot.root(of: payload) == valuesRoot else {
            throw Refusal(.badSignature, "values_root")
        }
    }

    static func decoding<T>(_ body: () throws(DecodingFault) -> T) throws(Refusal) -> T {
        do { return try body() } catch { throw Refusal(error.reason == .tooMany ? .tooLarge : .malformed, error.reason.rawValue) }
    }
}

/// Opens what sealed changes hold.
package enum SealedSpace {
    /// Returns the edits alone, of a change that has been opened and checked whole before.
    package static func edits(of change: Change, key: SpaceKey) -> [Edit]? {
        guard let sealed = change.sealed, sealed.keyEpoch == key.epoch else { return nil }
        do {
            return try EditList.decode(try key.open(sealed.bytes, as: .edits, space: change.space, change: change.id))
        } catch {
            // What does not open, or is none, was passed over when it came, and still tells nobody anything.
            return nil
        }
    }

    /// Returns a sealed change's edits and values, checked as those of any change are.
    ///
    /// `change` has passed `ChangeCheck` with this payload, so that what does not open here is as its author signed it. An empty
    /// payload is one that was erased.
    package static func open(
        _ change: Change, payload: [UInt8], key: SpaceKey, form: ChangeCheck.PayloadForm = .whole
    ) throws(Refusal) -> ([Edit], Payload) {
        guard let sealed = change.sealed else { throw Refusal(.invalid, "not_sealed") }
        guard sealed.keyEpoch == key.epoch else { throw Refusal(.invalid, "key_epoch") }
        let editBytes: [UInt8]
        let payloadBytes: [UInt8]?
        do {
            editBytes = try key.open(sealed.bytes, as: .edits, space: change.space, change: change.id)
            payloadBytes =
                payload.isEmpty && form == .afterErasure
                ? nil : try key.open(payload, as: .payload, space: change.space, change: change.id)
        } catch { throw Refusal(.badSignature, "sealed") }
        let edits = try ChangeCheck.decoding { () throws(DecodingFault) in try EditList.decode(editBytes) }
        // Its server could not have told that what is left out here is missing.
        guard EditList.named(in: edits).isSubset(of: sealed.follows) else { throw Refusal(.invalid, "predecessors") }
        guard let payloadBytes else { return (edits, .gone(edits.reduce(0) { $0 + $1.ops.count })) }
        let payload = try ChangeCheck.decoding { () throws(DecodingFault) in try Payload(decoding: payloadBytes) }
        try ChangeLimits.check(edits: edits, payload: payload, bytes: editBytes.count + payloadBytes.count)
        try ChangeCheck.match(payload, edits, change.valuesRoot, form)
        return (edits, payload)
    }
}

/// How large a change and its values may be (PROTOCOL.md section 9).
enum ChangeLimits {
    static let mostPayloadBytes = Limits.changeBytes + Limits.documentBytes

    /// Lets one value of a field named `document` be larger than others, and does not count it towards the change's size.
    static func check(edits: [Edit], payload: Payload, bytes: Int) throws(Refusal) {
        var document: Int?
        var index = 0
        for edit in edits {
            for op in edit.ops {
                defer { index += 1 }
                // Another number of values than ops is for the check of the values root to name.
                guard index < payload.count, let value = payload[index] else { continue }
                let size = contentBytes(value)
                guard size > Limits.valueBytes else { continue }
                guard op.cell == CellKey("document") else { throw Refusal(.tooLarge, "value") }
                guard document == nil, size <= Limits.documentBytes else { throw Refusal(.tooLarge, "document") }
                document = value.bytes.count
            }
        }
        // The form after an erasure takes more room than the one that was within the limit.
        var framing = 0
        if case .partial(let slots) = payload { framing = slots.count * 34 }
        guard bytes - (document ?? 0) - framing <= Limits.changeBytes else { throw Refusal(.tooLarge, "change") }
    }

    /// What can be told of a sealed change from outside.
    static func checkSealed(bytes: Int, payload: Int) throws(Refusal) {
        guard bytes <= Limits.changeBytes, payload <= mostPayloadBytes else { throw Refusal(.tooLarge, "change") }
    }

    /// The bytes of a text or byte string without the head that CBOR puts before them.
    private static func contentBytes(_ value: EncodedValue) -> Int {
        let bytes = value.bytes
        guard let first = bytes.first, (2...3).contains(first >> 5) else { return bytes.count }
        let head =
            switch first & 31 {
            case 24: 2
            case 25: 3
            case 26: 5
            default: 1
            }
        return bytes.count - head
    }
}
