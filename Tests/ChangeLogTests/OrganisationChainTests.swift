import BuntanProtocol
import ChangeLog
import Testing

@Suite("An organisation's statements")
struct OrganisationChainTests {
    /// An organisation whose devices differ in what they hold.
    struct Fixture {
        var organisation: Organisation
        /// An admin that may not sign.
        let clerk: DeviceKeys
        let writer: DeviceKeys
        let stranger: DeviceKeys
        let newKey: SigningKey

        init() throws {
            var organisation = try Organisation(1)
            clerk = try organisation.enrol([.read, .write, .admin])
            writer = try organisation.enrol([.read, .write])
            stranger = organisation.stranger()
            newKey = SigningKey(seed: organisation.random.seed())
            self.organisation = organisation
        }

        var id: OrganisationID { organisation.id }
        func enrolling(_ capabilities: Capabilities) -> Statement.Act {
            .enrolling(stranger, in: id, capabilities: capabilities, label: "new")
        }
        func enrolling(provedBy keys: DeviceKeys, in organisation: OrganisationID) -> Statement.Act {
            .enrol(
                device: stranger.device, sealingKey: stranger.sealing.publicKey, capabilities: .read, label: "",
                proof: keys.enrolmentProof(for: organisation))
        }
    }

    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: Refusal?
        let statement: @Sendable (Fixture) -> (Statement.Act, SigningKey)

        init(_ name: String, _ expected: Refusal?, _ statement: @escaping @Sendable (Fixture) -> (Statement.Act, SigningKey)) {
            testDescription = name
            self.expected = expected
            self.statement = statement
        }
    }

    static let rules = [
        Rule("the root enrols with everything", nil) { ($0.enrolling(.all), $0.organisation.root) },
        Rule("an admin enrols with everything it holds", nil) { ($0.enrolling([.read, .write, .admin]), $0.clerk.signing) },
        Rule("an admin does not grant what it lacks", Refusal(.noRight, "grant")) { ($0.enrolling([.read, .sign]), $0.clerk.signing) },
        Rule("a writer enrols nobody", Refusal(.noRight, "admin")) { ($0.enrolling(.read), $0.writer.signing) },
        Rule("a stranger enrols nobody, itself included", Refusal(.noRight, "admin")) { ($0.enrolling(.read), $0.stranger.signing) },
        Rule("the recovery key enrols nobody", Refusal(.noRight, "admin")) { ($0.enrolling(.read), $0.organisation.recovery) },
        Rule("a device is enrolled once", Refusal(.invalid, "device_enrolled")) {
            (.enrolling($0.writer, in: $0.id, capabilities: .read, label: ""), $0.organisation.root)
        },
        Rule("nobody enrols a device that has not said it belongs", Refusal(.badSignature, "enrol")) {
            ($0.enrolling(provedBy: $0.clerk, in: $0.id), $0.clerk.signing)
        },
        Rule("a device's word for another organisation does not count", Refusal(.badSignature, "enrol")) {
            ($0.enrolling(provedBy: $0.stranger, in: OrganisationID(high: 0, low: 0)), $0.clerk.signing)
        },
        Rule("a device whose key signs for everybody is not enrolled", Refusal(.invalid, "weak_key")) {
            let weak = PublicKey(word0: 0x0100_0000_0000_0000, word1: 0, word2: 0, word3: 0)
            let proof = $0.stranger.enrolmentProof(for: $0.id)
            let act = Statement.Act.enrol(
                device: weak, sealingKey: $0.stranger.sealing.publicKey, capabilities: .read, label: "", proof: proof)
            return (act, $0.organisation.root)
        },
        Rule("an admin revokes another admin", nil) {
            (.revoke(device: $0.organisation.admin.device, compromisedAfter: nil), $0.clerk.signing)
        },
        Rule("a writer revokes nobody", Refusal(.noRight, "admin")) {
            (.revoke(device: $0.clerk.device, compromisedAfter: nil), $0.writer.signing)
        },
        Rule("a stranger is not revoked", Refusal(.invalid, "device_unknown")) {
            (.revoke(device: $0.stranger.device, compromisedAfter: nil), $0.clerk.signing)
        },
        Rule("an admin gives what it holds", nil) { (.setCapabilities(device: $0.writer.device, [.read, .admin]), $0.clerk.signing) },
        Rule("an admin does not give what it lacks", Refusal(.noRight, "grant")) {
            (.setCapabilities(device: $0.writer.device, [.read, .sign]), $0.clerk.signing)
        },
        Rule("an admin does not give itself what it lacks", Refusal(.noRight, "grant")) {
            (.setCapabilities(device: $0.clerk.device, .all), $0.clerk.signing)
        },
        Rule("an admin may leave a device what the admin lacks", nil) {
            (.setCapabilities(device: $0.organisation.admin.device, [.read, .sign]), $0.clerk.signing)
        },
        Rule("a writer gives nothing", Refusal(.noRight, "admin")) {
            (.setCapabilities(device: $0.writer.device, [.read]), $0.writer.signing)
        },
        Rule("a stranger is given nothing", Refusal(.invalid, "device_unknown")) {
            (.setCapabilities(device: $0.stranger.device, [.read]), $0.organisation.root)
        },
        Rule("the root names its successor", nil) { (.rotatingRoot(to: $0.newKey, of: $0.id), $0.organisation.root) },
        Rule("the recovery key replaces the root", nil) { (.rotatingRoot(to: $0.newKey, of: $0.id), $0.organisation.recovery) },
        Rule("an admin does not replace the root", Refusal(.noRight, "rotate_root")) {
            (.rotatingRoot(to: $0.newKey, of: $0.id), $0.organisation.admin.signing)
        },
        Rule("nobody names a root that has not agreed", Refusal(.badSignature, "root")) {
            let proof = $0.clerk.signing.sign("root", Statement.rootProof(organisation: $0.id, key: $0.newKey.publicKey))
            return (.rotateRoot(key: $0.newKey.publicKey, proof: proof), $0.organisation.root)
        },
        Rule("the root is not replaced by itself", Refusal(.invalid, "same_key")) {
            (.rotatingRoot(to: $0.organisation.root, of: $0.id), $0.organisation.root)
        },
        Rule("the recovery key does not become the root as well", Refusal(.invalid, "same_key")) {
            (.rotatingRoot(to: $0.organisation.recovery, of: $0.id), $0.organisation.recovery)
        },
        Rule("the recovery key names its successor", nil) {
            (.addingRecovery($0.newKey, to: $0.id), $0.organisation.recovery)
        },
        Rule("the root does not shut the recovery key out", Refusal(.noRight, "add_recovery")) {
            (.addingRecovery($0.newKey, to: $0.id), $0.organisation.root)
        },
        Rule("an admin adds no recovery key", Refusal(.noRight, "add_recovery")) {
            (.addingRecovery($0.newKey, to: $0.id), $0.organisation.admin.signing)
        },
        Rule("nobody names a recovery key that has not agreed", Refusal(.badSignature, "root")) {
            let proof = $0.newKey.sign("root", Statement.rootProof(organisation: OrganisationID(high: 0, low: 0), key: $0.newKey.publicKey))
            return (.addRecovery(key: $0.newKey.publicKey, proof: proof), $0.organisation.recovery)
        },
    ]

    @Test("Who may say what", arguments: rules)
    func rule(_ rule: Rule) throws {
        let fixture = try Fixture()
        let (act, key) = rule.statement(fixture)
        let statement = fixture.organisation.draft(act, by: key)
        var chain = fixture.organisation.chain
        if let expected = rule.expected {
            #expect(throws: expected) { try chain.append(statement) }
            #expect(chain == fixture.organisation.chain)
        } else {
            try chain.append(statement)
            #expect(chain.head == fixture.organisation.chain.head.advanced(by: statement))
            #expect(chain.holds(statement))
        }
        #expect(try OrganisationChain(decoding: chain.encoded()) == chain)
    }

    @Test("A founding gives a device everything and a recovery key, and nothing that anybody else could have made")
    func founding() throws {
        let organisation = try Organisation(5)
        #expect(organisation.chain.capabilities(of: organisation.admin.device) == .all)
        #expect(organisation.chain.recoveryKey == organisation.recovery.publicKey)
        #expect(organisation.id == OrganisationID(foundedBy: organisation.root.publicKey))
        #expect(try OrganisationChain(foundingRoot: organisation.root.publicKey, statements: organisation.statements) == organisation.chain)
        #expect(throws: Refusal(.notOwner, "organisation")) {
            try OrganisationChain(foundingRoot: organisation.recovery.publicKey, statements: organisation.statements)
        }
    }

    @Test("The first statement is the root's enrolment of a device")
    func first() throws {
        var random = SeededRandom(6)
        let root = SigningKey(seed: random.seed())
        let device = DeviceKeys(random: &random)
        let id = OrganisationID(foundedBy: root.publicKey)
        let act = Statement.Act.enrolling(device, in: id, capabilities: .all, label: "")
        let recovery = Statement.Act.addingRecovery(SigningKey(seed: random.seed()), to: id)
        for (act, key) in [(act, device.signing), (recovery, root)] {
            var chain = OrganisationChain(foundingRoot: root.publicKey)
            let statement = StatementAuthor(organisation: id, key: key).sign(act, after: .start, time: 0)
            #expect(throws: Refusal(.noRight, "founding")) { try chain.append(statement) }
        }
    }

    @Test("A chain takes its next statement only: not one it has, one ahead, one beside or another organisation's")
    func order() throws {
        let fixture = try Fixture()
        var organisation = fixture.organisation
        let next = organisation.draft(fixture.enrolling(.read), by: organisation.root)
        let beside = organisation.draft(.revoke(device: fixture.writer.device, compromisedAfter: nil), by: organisation.root)
        var ahead = organisation
        try ahead.say(fixture.enrolling(.read), by: organisation.root)
        let second = ahead.draft(.revoke(device: fixture.writer.device, compromisedAfter: nil), by: organisation.root)

        #expect(throws: Refusal(.unknownPredecessor, StatementDetail.gap)) { try organisation.chain.append(second) }
        try organisation.chain.append(next)
        #expect(throws: Refusal(.invalid, StatementDetail.known)) { try organisation.chain.append(next) }
        #expect(throws: Refusal(.invalid, StatementDetail.fork)) { try organisation.chain.append(beside) }
        let author = StatementAuthor(organisation: organisation.id, key: organisation.root)
        let head = ChainHead(number: organisation.chain.head.number, digest: SHA.empty)
        let elsewhere = author.sign(.revoke(device: fixture.writer.device, compromisedAfter: nil), after: head, time: 0)
        #expect(throws: Refusal(.invalid, StatementDetail.fork)) { try organisation.chain.append(elsewhere) }
        try organisation.chain.append(second)

        let other = try Organisation(99)
        #expect(throws: Refusal(.notOwner, "organisation")) {
            try organisation.chain.append(other.draft(.revoke(device: other.admin.device, compromisedAfter: nil), by: other.root))
        }
        #expect(throws: Refusal(.invalid, "space")) {
            let about = author.sign(.endService, after: organisation.chain.head, about: Draft.space, time: 0)
            try organisation.chain.append(about)
        }
    }

    @Test("A statement counts as signed, and not with a bit altered, another signature or bytes behind it")
    func signature() throws {
        let fixture = try Fixture()
        let statement = fixture.organisation.draft(fixture.enrolling(.read), by: fixture.organisation.root)
        var chain = fixture.organisation.chain
        for index in statement.bytes.indices {
            var bytes = statement.bytes
            bytes[index] ^= 1 << UInt8(index % 8)
            #expect(throws: Refusal.self, "byte \(index)") { try chain.append(SignedBytes(bytes: bytes, signature: statement.signature)) }
        }
        let other = fixture.stranger.signing.sign("statement", statement.bytes)
        #expect(throws: Refusal(.badSignature, "statement")) {
            try chain.append(SignedBytes(bytes: statement.bytes, signature: other))
        }
        let long = SignedBytes(bytes: [UInt8](repeating: 0, count: Limits.statementBytes + 1), signature: other)
        #expect(throws: Refusal(.tooLarge, "statement")) { try chain.append(long) }
        #expect(chain == fixture.organisation.chain)
        try chain.append(statement)
    }

    @Test("A revoked device says nothing more and never comes back; when it was compromised may be learnt later")
    func revoked() throws {
        let fixture = try Fixture()
        var organisation = fixture.organisation
        let clerk = fixture.clerk
        try organisation.say(.revoke(device: clerk.device, compromisedAfter: nil))
        #expect(organisation.chain.capabilities(of: clerk.device) == [])
        #expect(throws: Refusal(.noRight, "admin")) { try organisation.say(fixture.enrolling(.read), by: clerk.signing) }
        #expect(throws: Refusal(.invalid, "device_enrolled")) {
            try organisation.say(.enrolling(clerk, in: organisation.id, capabilities: .read, label: ""))
        }
        #expect(throws: Refusal(.invalid, "device_revoked")) { try organisation.say(.setCapabilities(device: clerk.device, .read)) }
        #expect(throws: Refusal(.invalid, "device_revoked")) { try organisation.say(.revoke(device: clerk.device, compromisedAfter: nil)) }
        try organisation.say(.revoke(device: clerk.device, compromisedAfter: 1_234))
        #expect(organisation.chain.devices[clerk.device]?.compromisedAfter == 1_234)
        #expect(throws: Refusal(.invalid, "device_revoked")) {
            try organisation.say(.revoke(device: clerk.device, compromisedAfter: 1_234))
        }
    }

    @Test("Whoever steals the root key loses it again to the recovery key")
    func stolenRoot() throws {
        let fixture = try Fixture()
        var organisation = fixture.organisation
        let thief = fixture.newKey
        try organisation.say(.rotatingRoot(to: thief, of: organisation.id), by: organisation.root)
        #expect(throws: Refusal(.noRight, "add_recovery")) {
            try organisation.say(.addingRecovery(fixture.stranger.signing, to: organisation.id), by: thief)
        }
        #expect(throws: Refusal(.noRight, "rotate_root")) {
            try organisation.say(.rotatingRoot(to: fixture.stranger.signing, of: organisation.id), by: organisation.root)
        }
        let fresh = SigningKey(seed: organisation.random.seed())
        try organisation.say(.rotatingRoot(to: fresh, of: organisation.id), by: organisation.recovery)
        #expect(throws: Refusal(.noRight, "admin")) { try organisation.say(fixture.enrolling(.read), by: thief) }
        try organisation.say(fixture.enrolling(.read), by: fresh)
        #expect(organisation.chain.rootKey == fresh.publicKey && organisation.chain.foundingRoot == organisation.root.publicKey)
    }

    @Test("A recovery code is read back however it is spaced, and a slip of the fingers is told from what is no code")
    func recoveryCode() throws {
        var random = SeededRandom(12)
        let code = RecoveryCode(random: &random)
        let text = code.text
        #expect(try RecoveryCode(reading: text) == code)
        #expect(try RecoveryCode(reading: " \(text.uppercased().replacing("-", with: " ")) ").key.seed == code.key.seed)
        #expect(!"\(code)".contains(text.prefix(4)))
        for index in text.indices where text[index] != "-" {
            var slipped = text
            slipped.replaceSubrange(index...index, with: text[index] == "a" ? "b" : "a")
            #expect(throws: RecoveryCode.Fault.mistyped) { try RecoveryCode(reading: slipped) }
        }
        #expect(throws: RecoveryCode.Fault.mistyped) { try RecoveryCode(reading: String(text.dropLast())) }
        #expect(throws: RecoveryCode.Fault.mistyped) { try RecoveryCode(reading: HandedCode.admission(random.nonce()).text) }
        for wrong in [
            "", "hello", HandedCode.invitation(seed: random.nonce(), organisation: OrganisationID(high: 1, low: 1), server: "s").text,
        ] {
            #expect(throws: RecoveryCode.Fault.notACode) { try RecoveryCode(reading: wrong) }
        }
    }
}
