import BuntanProtocol
import ChangeLog
import Testing

@Suite("Keys and signatures")
struct KeysTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let seed, publicKey, message, signature: String
    }

    /// RFC 8032 section 7.1.
    static let vectors = [
        Vector(
            testDescription: "test 1",
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b"),
        Vector(
            testDescription: "test 2",
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00"),
        Vector(
            testDescription: "test 3",
            seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                + "4a7c15e9716ed28dc027beceea1ec40a"),
        Vector(
            testDescription: "test 1024",
            seed: "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
            publicKey: "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
            message: """
                08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1e355f6c50544e23f\
                b1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d658675fc6ea534e0810a4432826bf58c\
                941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15452f80288a82\
                1a579116ec6dad2b3b310da903401aa62100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbef\
                efd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204ed3455c68c83f4a41da4af2b74ef5c53\
                f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d\
                502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759\
                d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b07\
                07e0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe808b82b0ce26401d2e22\
                f04d83d1255dc51addd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9af0dcbaaaf268cb8\
                fcffead94f3c7ca495e056a9b47acdb751fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb\
                038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34df\
                f7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7984a74d371459867\
                80fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b965610b5480109c8b17b80e1\
                b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a4\
                3dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5fb93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b5\
                0d334ba77c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fd\
                e7cb68606937380db2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8ca\
                c60c905c15fc910840b94c00a0b9d0
                """,
            signature: "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b"
                + "5e8fcd4f681e30a6ac00a9704a188a03"),
    ]

    @Test("Keys and signatures are those of RFC 8032", arguments: vectors)
    func rfc8032(vector: Vector) throws {
        let key = SigningKey(seed: digest(vector.seed))
        let message = hex(vector.message)
        let signature = key.signRaw(message)
        #expect(key.publicKey.hex == vector.publicKey)
        #expect(Hexadecimal.text(signature.bytes) == vector.signature)
        #expect(SignatureCheck.isValidRaw(signature, by: key.publicKey, message: message))
        #expect(!SignatureCheck.isValidRaw(signature, by: key.publicKey, message: message + [0]))
    }

    @Test("A signature holds for its label, content and key, and for no other")
    func labels() throws {
        var random = SeededRandom(1)
        let key = SigningKey(seed: random.seed())
        let other = SigningKey(seed: random.seed())
        let content = random.bytes(40)
        let signature = key.sign("change", content)
        #expect(SignatureCheck.isValid(signature, by: key.publicKey, label: "change", content: content))
        let message = Array("buntan.change.v1".utf8) + [0] + content
        #expect(SignatureCheck.isValidRaw(signature, by: key.publicKey, message: message))
        #expect(!SignatureCheck.isValid(signature, by: key.publicKey, label: "statement", content: content))
        #expect(!SignatureCheck.isValid(signature, by: other.publicKey, label: "change", content: content))
        for bit in stride(from: 0, to: 512, by: 37) {
            var bytes = signature.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let altered = try #require(Signature(bytes))
            #expect(!SignatureCheck.isValid(altered, by: key.publicKey, label: "change", content: content), "bit \(bit)")
        }
    }

    @Test(
        "A key for which anybody can sign is called weak",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ])
    func weakKeys(text: String) throws {
        let key = try #require(PublicKey(hex(text)))
        #expect(key.isWeak)
        // R is the neutral point and s is 0: nobody's secret went into it, and one message in eight at the most needs it.
        let forged = try #require(Signature([1] + [UInt8](repeating: 0, count: 63)))
        let isForged = (0..<200).contains { SignatureCheck.isValidRaw(forged, by: key, message: [UInt8($0)]) }
        #expect(isForged)
        var signBit = hex(text)
        signBit[31] |= 0x80
        #expect(try #require(PublicKey(signBit)).isWeak)
        #expect(!SigningKey(seed: digest(text)).publicKey.isWeak)
    }

    @Test("Nothing that prints a key prints its seed")
    func description() {
        let seed = digest("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        let keys = DeviceKeys(signing: SigningKey(seed: seed), sealing: SealingPrivateKey(seed: seed))
        var dumped = ""
        dump(keys, to: &dumped)
        for text in ["\(keys)", String(reflecting: keys), dumped, "\(keys.signing)", "\(keys.sealing)"] {
            #expect(!text.contains(seed.hex) && !text.contains("\(seed.word0)"))
            #expect(text.contains(keys.device.hex) || text.contains(keys.sealing.publicKey.hex))
        }
    }

    @Test("The system's source gives as many bytes as asked for, and others each time", arguments: [0, 1, 7, 8, 16, 33])
    func systemRandom(count: Int) {
        var random = SystemRandom()
        #expect(random.bytes(count).count == count)
        #expect(random.seed() != random.seed())
    }
}
