import BuntanProtocol
import Exchange
import Synchronization
import Testing

@Suite("Waking those who wait")
struct WakeUpTests {
    private final class Bell: Sendable {
        private let rung = Mutex(0)
        var count: Int { rung.withLock { $0 } }
        func ring() { rung.withLock { $0 += 1 } }
    }

    private let first = OrganisationID(high: 1, low: 1)
    private let second = OrganisationID(high: 2, low: 2)
    private let spaces = [SpaceID(high: 1, low: 0), SpaceID(high: 2, low: 0)]

    @Test("A change wakes those who read the space, once, and nobody else")
    func wakesReaders() {
        let (wakeUps, reader, other) = (WakeUps(), Bell(), Bell())
        wakeUps.attach(wakeUps.begin(for: first), spaces: [spaces[0]]) { reader.ring() }
        wakeUps.attach(wakeUps.begin(for: second), spaces: [spaces[1]]) { other.ring() }
        wakeUps.touch(spaces: [spaces[0]])
        wakeUps.touch(spaces: [spaces[0]])
        #expect(reader.count == 1 && other.count == 0 && wakeUps.count == 1)
    }

    @Test("A change between reading and sleeping is not missed")
    func noLostWakeUp() {
        let (wakeUps, bell, late) = (WakeUps(), Bell(), Bell())
        let waiter = wakeUps.begin(for: first)
        wakeUps.touch(spaces: [spaces[0]])
        let next = wakeUps.begin(for: first)
        wakeUps.attach(waiter, spaces: [spaces[0]]) { bell.ring() }
        wakeUps.attach(next, spaces: [spaces[0]]) { late.ring() }
        #expect(bell.count == 1 && late.count == 0)
    }

    @Test("A new space wakes the organisations that may read it")
    func wakesLists() {
        let (wakeUps, bell, other, early) = (WakeUps(), Bell(), Bell(), Bell())
        let before = wakeUps.begin(for: first)
        wakeUps.attach(wakeUps.begin(for: first), spaces: []) { bell.ring() }
        wakeUps.attach(wakeUps.begin(for: second), spaces: []) { other.ring() }
        wakeUps.touch(spaces: [], listed: [first])
        wakeUps.attach(before, spaces: []) { early.ring() }
        #expect(bell.count == 1 && other.count == 0 && early.count == 1)
    }

    @Test("Whoever leaves is woken once and forgotten")
    func leaving() {
        let (wakeUps, bell) = (WakeUps(), Bell())
        let waiter = wakeUps.begin(for: first)
        wakeUps.attach(waiter, spaces: spaces) { bell.ring() }
        wakeUps.leave(waiter)
        wakeUps.leave(waiter)
        wakeUps.touch(spaces: spaces, listed: [first])
        #expect(bell.count == 1 && wakeUps.count == 0)
        let gone = wakeUps.begin(for: first)
        wakeUps.leave(gone)
        wakeUps.attach(gone, spaces: spaces) { bell.ring() }
        #expect(bell.count == 2)
    }
}
