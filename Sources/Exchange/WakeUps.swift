package import BuntanProtocol
import Synchronization

/// Those who wait for something to change: woken by the change itself, never by asking.
///
/// ```
/// begin ──▶ read heads ──▶ attach(spaces) ──▶ asleep ──▶ touch, or leave
///   │                          │
///   └── counts from here on ───┘   a change between the two is not missed: attach wakes at once
/// ```
/// A waiter names the spaces it read about and its organisation, so that a change costs a look-up and wakes only those
/// who may read the space.
package final class WakeUps: Sendable {
    package struct Waiter: Hashable, Sendable { fileprivate let number: UInt64 }

    private struct Entry {
        let organisation: OrganisationID
        let since: UInt64
        var spaces: [SpaceID] = []
        var wake: (@Sendable () -> Void)?
    }

    private struct State {
        var count: UInt64 = 0
        var nextWaiter: UInt64 = 0
        var spaceTouched: [SpaceID: UInt64] = [:]
        var listTouched: [OrganisationID: UInt64] = [:]
        var waiters: [UInt64: Entry] = [:]
        var bySpace: [SpaceID: Set<UInt64>] = [:]
        var byOrganisation: [OrganisationID: Set<UInt64>] = [:]

        mutating func remove(_ number: UInt64) -> Entry? {
            guard let entry = waiters.removeValue(forKey: number) else { return nil }
            for space in entry.spaces {
                bySpace[space]?.remove(number)
                if bySpace[space]?.isEmpty == true { bySpace[space] = nil }
            }
            byOrganisation[entry.organisation]?.remove(number)
            if byOrganisation[entry.organisation]?.isEmpty == true { byOrganisation[entry.organisation] = nil }
            // Only what somebody who has begun might have missed needs to be remembered.
            if waiters.isEmpty {
                spaceTouched = [:]
                listTouched = [:]
            }
            return entry
        }
    }

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.waiters.count } }

    /// Announces a waiter before it reads; changes from here on wake it.
    package func begin(for organisation: OrganisationID) -> Waiter {
        state.withLock { state in
            let number = state.nextWaiter
            state.nextWaiter += 1
            state.waiters[number] = Entry(organisation: organisation, since: state.count)
            state.byOrganisation[organisation, default: []].insert(number)
            return Waiter(number: number)
        }
    }

    /// Calls `wake` once as soon as one of the spaces, or the organisation's list of them, changes or has changed since `begin`.
    package func attach(_ waiter: Waiter, spaces: [SpaceID], wake: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state -> Bool in
            guard var entry = state.waiters[waiter.number] else { return true }
            let isLate =
                spaces.contains { state.spaceTouched[$0].map { $0 > entry.since } ?? false }
                || state.listTouched[entry.organisation].map { $0 > entry.since } ?? false
            if isLate {
                _ = state.remove(waiter.number)
                return true
            }
            entry.spaces = spaces
            entry.wake = wake
            state.waiters[waiter.number] = entry
            for space in spaces { state.bySpace[space, default: []].insert(waiter.number) }
            return false
        }
        if isDue { wake() }
    }

    /// Takes a waiter out and wakes it: its time is up, or its client has gone.
    package func leave(_ waiter: Waiter) {
        let entry = state.withLock { $0.remove(waiter.number) }
        entry?.wake?()
    }

    /// Wakes whoever waits for one of these logs or lists; call it once what has changed may be seen.
    package func touch(spaces: some Collection<SpaceID>, listed: some Collection<OrganisationID> = []) {
        guard !spaces.isEmpty || !listed.isEmpty else { return }
        let woken = state.withLock { state -> [Entry] in
            state.count += 1
            guard !state.waiters.isEmpty else { return [] }
            var numbers = Set<UInt64>()
            for space in spaces {
                state.spaceTouched[space] = state.count
                numbers.formUnion(state.bySpace[space] ?? [])
            }
            for organisation in listed {
                state.listTouched[organisation] = state.count
                numbers.formUnion(state.byOrganisation[organisation] ?? [])
            }
            return numbers.compactMap { number in
                // One that has not attached yet finds out when it does.
                state.waiters[number]?.wake == nil ? nil : state.remove(number)
            }
        }
        for entry in woken { entry.wake?() }
    }
}
