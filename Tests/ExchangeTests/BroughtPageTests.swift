import BuntanProtocol
import ChangeLog
import Exchange
import Syncing
import Testing
import TestKit

@Suite("Pages that come with another answer")
struct BroughtPageTests {
    /// A provider and a customer with an engagement, and what the customer holds of it.
    struct Scene {
        let bench = Bench()
        let provider: Firm
        let customer: Firm
        let space: SpaceID
        let held: Base

        init() throws {
            (provider, customer) = (try bench.firm(1), try bench.firm(2))
            space = try bench.engaged(provider, customer, on: try bench.service(of: provider).space)
            held = try bench.standing(space).base
        }

        func write(_ text: String, by firm: Firm) throws {
            let change = try bench.change(in: space, by: firm.admin.signing, text)
            _ = try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin).get()
        }

        func brought(_ held: [HeldLog], to firm: Firm) throws -> [BroughtPage] {
            try bench.call(HeadsRequest(digest: SHA.empty, held: held), as: firm.admin).get().pages
        }
    }

    @Test("Heads bring what a pull from there would give, of the logs that changed")
    func heads() throws {
        let scene = try Scene()
        let log = HeldLog(space: scene.space, base: scene.held)
        #expect(try scene.brought([log], to: scene.customer).isEmpty)
        for text in ["one", "two"] { try scene.write(text, by: scene.provider) }
        let pull = try scene.bench.pull(scene.space, as: scene.customer.admin, from: scene.held).get()
        #expect(pull.entries.count == 2)
        #expect(try scene.brought([log], to: scene.customer) == [BroughtPage(space: scene.space, page: pull)])
        // Whoever knows how far the logs are is brought nothing, whatever it says that it holds.
        let digest = SpaceHead.digest(of: try scene.bench.heads(scene.customer.admin))
        let same = try scene.bench.call(HeadsRequest(digest: digest, held: [log]), as: scene.customer.admin).get()
        #expect(same.heads == nil && same.pages.isEmpty)
    }

    @Test("A push brings what has come since, its own changes among it, under the answer's checkpoint")
    func push() throws {
        let scene = try Scene()
        try scene.write("theirs", by: scene.provider)
        let change = try scene.bench.change(in: scene.space, by: scene.customer.admin.signing, "own", base: scene.held)
        let push = PushRequest(space: scene.space, changes: [change], held: scene.held)
        let answer = try scene.bench.call(push, as: scene.customer.admin).get()
        let pull = try scene.bench.pull(scene.space, as: scene.customer.admin, from: scene.held).get()
        #expect(answer.page == pull && pull.entries.count == 2 && answer.note == pull.note)
        // The same again: known, and the same page.
        let again = try scene.bench.call(push, as: scene.customer.admin).get()
        #expect(again.verdicts == [.duplicate(position: scene.held.size + 1)] && again.page == pull)
        // Without a place nothing is brought.
        let plain = try scene.bench.call(PushRequest(space: scene.space, changes: [change]), as: scene.customer.admin).get()
        #expect(plain.page == nil && plain.note == pull.note)
    }

    @Test("Who holds something else is brought nothing, and hears why from a pull; who holds more is refused")
    func otherPlaces() throws {
        let scene = try Scene()
        try scene.write("one", by: scene.provider)
        let size = try scene.bench.standing(scene.space).size
        for base in [
            Base(epoch: 0, size: scene.held.size, root: SHA.empty), Base(epoch: 1, size: scene.held.size, root: scene.held.root),
            Base(epoch: 0, size: size + 1, root: scene.held.root),
        ] {
            #expect(try scene.brought([HeldLog(space: scene.space, base: base)], to: scene.customer).isEmpty)
            let push = PushRequest(space: scene.space, changes: [], held: base)
            let pushed = try scene.bench.call(push, as: scene.customer.admin)
            let holdsMore = base.epoch > 0 || base.size > size
            if holdsMore { #expect(refusal(pushed)?.code == .behindYou) } else { #expect(try pushed.get().page == nil) }
            #expect(refusal(try scene.bench.pull(scene.space, as: scene.customer.admin, from: base)) != nil)
        }
    }

    @Test("What is more than little is left to pulls")
    func large() throws {
        let scene = try Scene()
        let log = HeldLog(space: scene.space, base: scene.held)
        let text = String(repeating: "x", count: 30_000)
        for _ in 0..<2 { try scene.write(text, by: scene.provider) }
        #expect(try scene.brought([log], to: scene.customer).count == 1)
        try scene.write(text, by: scene.provider)
        #expect(try scene.brought([log], to: scene.customer).isEmpty)
        let push = PushRequest(space: scene.space, changes: [], held: scene.held)
        #expect(try scene.bench.call(push, as: scene.customer.admin).get().page == nil)
    }

    @Test("The answer to a place in another's log is that to one in a log that is not there, byte for byte")
    func foreign() throws {
        let scene = try Scene()
        let other = try scene.bench.firm(3)
        _ = try scene.bench.service(of: other)
        try scene.write("one", by: scene.provider)
        let token = try scene.bench.signIn(other.admin).get()
        let answers = try [scene.space, SpaceID(high: 77, low: 77)].map { space in
            let asked = HeadsRequest(digest: SHA.empty, held: [HeldLog(space: space, base: scene.held)])
            return try scene.bench.raw("heads", asked.encoded(), token: token)
        }
        #expect(answers[0].status == 200 && answers[0] == answers[1])
    }
}
