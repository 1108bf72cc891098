import BuntanProtocol
import Records
import Testing

@testable import Rules

@Suite("A run of the rules")
struct RuleRunTests {
    private let today = CalendarDate.distant

    @Test("After random edits the incremental answers are those of a run anew, and fewer rules are asked", arguments: 0..<6)
    func incremental(seed: Int) throws {
        var walk = Walk(seed: UInt64(seed))
        var run = try full(walk.facts)
        var asked = 0
        for step in 0..<12 {
            let changes = walk.step()
            run.update(to: walk.facts, changes: changes, today: today)
            asked += run.evaluated
            let anew = try full(walk.facts)
            #expect(anew.evaluated > 0)
            for rule in RuleBook.rules {
                #expect(run.results(of: rule.id) == anew.results(of: rule.id), "seed \(seed), step \(step): \(rule.id)")
            }
            #expect(run.findings == anew.findings)
        }
        // A run that keeps no reads finds the same, and asks everything again.
        var once = RuleRun(RuleBook.rules, over: walk.facts, today: today, catalogue: try Catalogue.iso27017())
        #expect(once.findings == run.findings && RuleBook.rules.allSatisfy { once.reads(of: $0.id).isEmpty })
        let (before, changes) = (once.evaluated, walk.step())
        once.update(to: walk.facts, changes: changes, today: today)
        run.update(to: walk.facts, changes: changes, today: today)
        #expect(once.findings == run.findings && once.evaluated > before / 2 && run.evaluated < once.evaluated)
        let table = try RuleTable.shipped()
        for rule in RuleBook.rules {
            #expect(try #require(table[rule.id]).unstated(in: run, over: walk.facts) == [], "seed \(seed): \(rule.id)")
        }
        #expect(asked < 12 * (try full(walk.facts)).evaluated)
    }

    @Test("A run that forgets one read is found out by the same edits")
    func control() throws {
        var differs = false
        for seed in 0..<12 where !differs {
            var walk = Walk(seed: UInt64(seed))
            var run = try full(walk.facts)
            for _ in 0..<12 {
                let changes = walk.step()
                run.update(to: walk.facts, changes: changes, today: today) { $0.fieldRead?.field == .position }
                if run.findings != (try full(walk.facts)).findings { differs = true }
            }
        }
        #expect(differs)
    }

    @Test("One changed field asks again only the rules that read it")
    func onlyReaders() throws {
        var facts = Facts()
        for index in 0..<500 {
            facts.put(fact(.scopeStatementServices, "entry \(index)", [.serviceName: "Kumo DB", .position: "provider", .activity: "uses"]))
        }
        var run = try full(facts)
        #expect(run.findings.count { $0.rule == "SCOPE-3" } == 0)
        let edit = fact(.scopeStatementServices, "entry 7", [.serviceName: "Kumo DB", .activity: "uses"])
        run.update(to: &facts, today: today) { $0.put(edit) }
        let readers = RuleBook.rules.filter { rule in
            run.reads(of: rule.id).contains { $0.fieldRead?.field == .position && $0.fieldRead?.slot != nil }
        }
        #expect(run.evaluated > 0 && run.evaluated <= readers.count, "\(run.evaluated) of \(readers.map(\.id))")
        #expect(run.findings.filter { $0.rule == "SCOPE-3" }.map(\.record) == [FactID("entry 7")])
        run.update(to: &facts, today: today) { $0.put(edit) }
        #expect(run.evaluated == 0)
    }

    @Test("What the other side alone can see makes a rule's answer unknown, and never passed")
    func unseen() throws {
        let example = try #require(RuleExamples.all.first { $0.rule == "SCOPE-14" })
        for records in [example.passing, example.failing] {
            var facts = Facts(records)
            var run = try full(facts)
            run.update(to: &facts, today: today) { $0.conceal(Facts.Unseen(.soaEntry)) }
            #expect(Array(run.results(of: "SCOPE-14").values) == [.unknown])
            #expect(!run.findings.contains { $0.rule == "SCOPE-14" })
            #expect(run.unknowns.contains { $0.rule == "SCOPE-14" && $0.subject == FactID("site") })
            run.update(to: &facts, today: today) { $0.reveal(Facts.Unseen(.soaEntry)) }
            #expect(Array(run.results(of: "SCOPE-14").values) != [.unknown])
        }
        let entry = fact(.scopeStatementServices, "entry", [.position: .unseen])
        #expect(Array(try full(Facts([entry])).results(of: "SCOPE-3").values) == [.unknown])
        // A rule about records that the other side alone has is unknown as a whole.
        let standings = try full(Facts()).standings(over: Facts([], unseen: [Facts.Unseen(.scopeStatementServices)]))
        #expect(standings.first { $0.rule.id == "SCOPE-3" }?.standing.unknown == 1)
    }

    @Test("What is unseen of another service is not missed")
    func unseenElsewhere() throws {
        let rule = Rule("X-1", for: .cloudService) { service, view in
            view.facts(.backupRequirement, where: .serviceId, is: service.id).isEmpty ? [Failure(at: service)] : []
        }
        let services = ["a", "b"].map { fact(.cloudService, $0) }
        let facts = Facts(
            services + [fact(.backupRequirement, "need", [.serviceId: ref("a")])],
            unseen: [Facts.Unseen(.backupRequirement, of: FactID("b"))])
        let run = RuleRun([rule], over: facts, today: today, catalogue: try Catalogue.iso27017())
        #expect(run.results(of: "X-1") == [0: .passed, 1: .unknown])
    }

    @Test("Replacing all facts tells what differs and nothing else")
    func replacing() throws {
        let old = [fact(.soa, "a", [.position: "provider"]), fact(.soa, "b", [.position: "both"])]
        var facts = Facts(old)
        #expect(facts.replaceAll(with: old).isEmpty)
        let changes = facts.replaceAll(with: [fact(.soa, "a", [.position: "customer"])])
        #expect(!changes.isEmpty && facts.count == 1)
        #expect(changes.reads.contains(.value(0, .position)) && changes.slots == [1])
    }

    @Test(
        "A duration is told of in each language",
        arguments: [("PT4H", "4 h", "4時間"), ("P1DT12H", "1 d 12 h", "1日12時間"), ("P2M", "2 mo", "2か月")])
    func durations(text: String, en: String, ja: String) throws {
        let duration = try #require(CalendarDuration(canonical: text))
        #expect(duration.words.en == en && duration.words.ja == ja)
    }

    private func full(_ facts: Facts) throws -> RuleRun {
        RuleRun(RuleBook.rules, over: facts, today: today, catalogue: try Catalogue.iso27017(), keepsReads: true)
    }
}

extension RuleRun {
    /// Edits the facts, then updates to them.
    fileprivate mutating func update(to facts: inout Facts, today: CalendarDate, _ edit: (inout Facts) -> FactChanges) {
        let changes = edit(&facts)
        update(to: facts, changes: changes, today: today)
    }
}

/// Random edits of the examples of all rules, side by side.
private struct Walk {
    private(set) var facts: Facts
    private var random: Splitmix
    private var pool: [Fact] { Self.pool }
    /// Without the example that holds a whole catalogue: its edits would be most of all.
    private static let pool: [Fact] = RuleExamples.all.enumerated().filter { $1.passing.count < 50 }.flatMap { index, example in
        example.facts(example.passing, prefix: "\(index)p ") + example.facts(example.failing, prefix: "\(index)f ")
    }
    private static let start = Facts(pool)

    init(seed: UInt64) {
        random = Splitmix(state: seed)
        facts = Self.start
    }

    /// Takes a record away, brings one back, or lets a field of one hold what it holds in another or nothing.
    mutating func step() -> FactChanges {
        guard let fact = pool.randomElement(using: &random) else { return FactChanges() }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return facts.remove(fact.id)
        case 1: return facts.put(fact)
        case 2:
            guard let field = fact.fields.keys.sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &random) else {
                return FactChanges()
            }
            return facts.put(Fact(fact.kind, fact.id, fact.fields.filter { $0.key != field }))
        default:
            let alike = pool.filter { $0.kind == fact.kind }
            guard let other = alike.randomElement(using: &random),
                let field = other.fields.keys.sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &random)
            else { return FactChanges() }
            let present = facts[fact.id]?.fields ?? fact.fields
            return facts.put(Fact(fact.kind, fact.id, present.merging([field: other[field] ?? ""]) { $1 }))
        }
    }
}

struct Splitmix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
