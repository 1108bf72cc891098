import Records
import Testing

@Suite("Work on all cores")
struct CoresTests {
    @Test(
        "What is made stands in the order of what it is made of, whatever the cores and the shares", arguments: [1, 2, 3, 8],
        [nil, 1, 7, 5_000])
    func order(cores: Int, share: Int?) {
        for count in [0, 1, 2, 31, 1_000] {
            let items = Array(-5..<count)[5...]
            #expect(Cores.map(items, few: 1, share: share, cores: cores) { "\($0)" } == (0..<count).map { "\($0)" })
        }
    }
}
