import BuntanProtocol
import Merging
import Replica
import Storage
import Syncing
import TestKit

/// What people write, and what becomes of it on the spot.
extension SimulatedRun {
    func write(_ author: Participant) throws {
        try write(author, later(for: author) ?? typist.next(for: author, &draw))
    }

    func write(_ author: Participant, _ typed: TypedWrite?) throws {
        guard let typed else { return }
        let before = author.store.clone()
        keepBeforeLast(author)
        let known = Set(try author.outbox().map(\.number))
        let fault = arm(author, [.editDiesBeforeCommit, .editDiesAfterCommit, .clientStoreFails])
        var thrown: (any Error)?
        do { try sabotage.commit(typed, world, author) } catch { thrown = error }
        let hasFired = author.faults.disarm()
        if hasFired, let fault {
            note(fault, "\(author.name) writing")
            if fault != .clientStoreFails, fault != .clientStaysFull { author.die() }
        }
        let items = try author.outbox().filter { !known.contains($0.number) }
        say(
            "\(author.name) \(typed.name): \(items.map { "\($0.item.change.hex.prefix(8))" }.joined(separator: " "))\(thrown.map { " threw \($0)" } ?? "")"
        )
        let isStrange = try thrown.map { try isStillStrange($0, to: author) } ?? false
        switch thrown {
        case nil: break
        case is SimulatedCrash where hasFired, is StorageFault where hasFired: break
        case PublishFault.conflicts?, PublishFault.nothingToPublish?: break
        case .some where isStrange: break
        case let error? where isForWantOfRights(error, author): break
        // What a later program has written it keeps and does not edit.
        case WorkspaceFault.refused(let refusal, _)? where refusal.code == .schemaUnknown && isOld(author): break
        case WorkspaceFault.catchingUp(let behind)?:
            if try author.store.read({ try $0.lead(of: behind.space)?.isSettled }) != false {
                chronicle.find(.unforeseen, "\(author.name) could not write on records that are all here")
            }
        case let error?: chronicle.find(.unforeseen, "\(author.name) could not \(typed.name): \(error)")
        }
        if thrown != nil, fault != .editDiesAfterCommit || !hasFired, !items.isEmpty {
            chronicle.find(.durability, "\(author.name): a write that failed left \(items.count) changes behind")
        }
        let ahead = try author.store.read { try Set($0.leadSpaces()) }
        if items.contains(where: { ahead.contains($0.item.space) }) { reach.note(.writtenAhead) }
        let check = PreviewCheck(typed: typed, items: items, before: before, after: author.store)
        if thrown == nil || (fault == .editDiesAfterCommit && hasFired) {
            for sentence in try check.differences() { chronicle.find(.intention, "\(author.name) \(typed.name): \(sentence)") }
        }
        chronicle.file(items, by: author, removed: try check.removed())
        try watch(author)
        if seed % 10 == 0 { for sentence in try ShownCheck(author).findings { chronicle.find(.rebuilding, sentence) } }
    }

    /// Somebody has the words of an own comment or note erased, in its past as in its present.
    func erase(by author: Participant) throws {
        guard let home = world.homes[author.firm] else { return }
        let engagement = author.firm.isCustomer ? world.engagements[author.firm]?.space : world.engagements.values.map(\.space).min()
        let space = below(2) == 0 ? home : engagement ?? home
        let kind = space == home ? "annotation" : "comment"
        let own = world.organisations[author.firm]
        let known = Set(try author.outbox().map(\.number))
        let before = author.store.clone()
        if happens(.eraserDies) { author.faults.arm(below(2) == 0 ? .beforeCommit : .afterCommit) }
        defer { _ = author.faults.disarm() }
        do {
            let records = try author.store.read { reader in
                try reader.records(of: kind, in: space, after: nil, limit: .max).map(\.id).filter { id in
                    let logged = try reader.record(id, in: space)
                    return logged?.creator == own && logged?.text("text") != nil
                }
            }
            guard !records.isEmpty else { return }
            let record = records[below(records.count)]
            try author.store.write { transaction in
                let plan = try author.workspace.erasurePlan(of: "text", element: nil, of: record, in: space, transaction)
                try author.workspace.erase(plan, transaction)
            }
            say("\(author.name) erases the text of \(kind) \(record)")
        } catch is SimulatedCrash {
            note(.eraserDies, "\(author.name)")
            author.die()
        } catch let fault as ErasureFault {
            return say("\(author.name) erases nothing: \(fault)")
        } catch let fault as WorkspaceFault {
            return say("\(author.name) cannot erase: \(fault)")
        } catch  where isForWantOfRights(error, author) {
            return say("\(author.name) may not erase: \(error)")
        }
        // What stood beside it in a sealed space was written anew.
        let items = try author.outbox().filter { !known.contains($0.number) }
        let check = PreviewCheck(typed: .publication(label: "-"), items: items, before: before, after: author.store)
        chronicle.file(items, by: author, removed: try check.removed())
        try watch(author)
    }
}
