import Testing

@testable import Replica

@Suite struct HandleTests {
    @Test(
        "A handle is what people would type for a name",
        arguments: [
            ("Example Cloud K.K.", "example-cloud"), ("Kaisha K.K.", "kaisha"), ("Object Storage", "object-storage"),
            ("Hoken Mutual Co., Ltd.", "hoken-mutual"), ("㈱山田", "山田"), ("株式会社　会社", "会社"), ("山田商事株式会社", "山田商事"), ("K.K.", "k-k"),
            ("株式会社", "株式会社"), ("Ｆｕｌｌ　Width", "full-width"), ("--", ""),
        ])
    func handles(name: String, handle: String) { #expect(Handle.base(of: name) == handle) }
}
