import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Interchange
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// What is to be known of differences beside their cells: which rows were divided into items, which allocations changed alone, who wrote
/// them, when they went out and what they came back to.
struct DiffStory {
    /// The control whose row became items, by the record of each item.
    private(set) var divided: [RecordID: Records.RowKey] = [:]
    /// The rows that became items.
    private(set) var parents: Set<Records.RowKey> = []
    /// Items that say who is responsible, and in which words, just as their control did.
    private(set) var asParent: Set<RecordID> = []
    /// How the others differ from what their control said.
    private(set) var againstParent: [RecordID: [AgreementDifference.CellChange]] = [:]
    /// Rows whose allocation changed while their words stayed.
    private(set) var alone: Set<RecordID> = []
    var origins: [RecordID: DifferenceOrigin] = [:]
    var returned: [RecordID: DifferenceReturn] = [:]
    /// What devices are called.
    var labels: [DeviceID: String] = [:]

    init(_ differences: [AgreementDifference]) {
        var gone: [Records.RowKey: CoveredRecord] = [:]
        for difference in differences where difference.change == .vanished && difference.kind == "responsibility" {
            if let row = DiffForms.row(difference), let signed = difference.signed { gone[row] = signed }
        }
        for difference in differences where difference.kind == "responsibility" {
            switch difference.change {
            case .added:
                guard let row = DiffForms.row(difference), let current = difference.current, let parent = Self.control(of: row),
                    let before = gone[parent]
                else { continue }
                divided[difference.record] = parent
                parents.insert(parent)
                let changes = Self.changes(from: before, to: current)
                if changes.isEmpty { asParent.insert(difference.record) } else { againstParent[difference.record] = changes }
            case .changed(let cells):
                let isAllocated = cells.contains { $0.key == CellKey("allocation") }
                if isAllocated, !Self.isReworded(difference) { alone.insert(difference.record) }
            case .vanished, .conflicted, .erased: continue
            }
        }
    }

    /// The row of the control that a row is an item of; `nil` for a control's own.
    private static func control(of row: Records.RowKey) -> Records.RowKey? {
        if let control = controlHolding(row.controlId), control != row.controlId {
            return Records.RowKey(framework: row.framework, controlId: control)
        }
        guard row.itemKey != "main" else { return nil }
        return Records.RowKey(framework: row.framework, controlId: row.controlId)
    }

    private static let prose: Set = ["providerStatement", "customerAction", "boundaryNote", "notApplicableReason", "foundText"]

    static func isProse(_ key: BuntanProtocol.CellKey) -> Bool { prose.contains(key.field) }

    /// Whether a row has other words: those that only moved from one side to the other with its allocation are the same.
    private static func isReworded(_ difference: AgreementDifference) -> Bool {
        func words(_ side: CoveredRecord?) -> [String] {
            (side?.cells ?? []).filter { isProse($0.key) && $0.key.field != "foundText" }.compactMap(\.value.value.text).sorted()
        }
        guard case .changed(let cells) = difference.change, cells.contains(where: { isProse($0.key) }) else { return false }
        return words(difference.signed) != words(difference.current)
    }

    /// What an item says otherwise than its control did: who is responsible, and in which words, however these are broken into lines.
    private static func changes(from parent: CoveredRecord, to item: CoveredRecord) -> [AgreementDifference.CellChange] {
        AgreementDocument.cellChanges(from: parent, to: item).filter { change in
            guard change.key.field == "allocation" || isProse(change.key) else { return false }
            func plain(_ value: EncodedValue?) -> String? {
                value?.value.text.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            }
            return plain(change.before) != plain(change.after)
        }
    }

    /// How many rows have another allocation, and how many other words.
    static func counts(_ differences: [AgreementDifference]) -> (allocations: Int, words: Int) {
        differences.reduce(into: (0, 0)) { counts, difference in
            guard difference.kind == "responsibility", case .changed(let cells) = difference.change else { return }
            if cells.contains(where: { $0.key == CellKey("allocation") }) { counts.0 += 1 }
            if isReworded(difference) { counts.1 += 1 }
        }
    }

    /// When a difference went out, why and by whom, where that is known.
    func origin(of record: RecordID, _ times: TimeDisplay?, _ language: Language) -> String? {
        guard let origin = origins[record] else { return nil }
        let day = times.map { $0.day(Date(milliseconds: origin.received)).text } ?? ""
        let author = labels[origin.device] ?? String(origin.device.hex.prefix(16))
        guard let release = origin.release else {
            return RowPhrases.diffUnreleased.text(in: language, ["date": .text(day), "device": .text(author)])
        }
        return RowPhrases.diffReleased.text(
            in: language,
            ["label": .text(release.label), "date": .text(day), "device": .text(author), "message": .text(release.message ?? "-")])
    }

    /// Whether it is a row that became items, or one of these.
    func isDivided(_ difference: AgreementDifference) -> Bool {
        divided[difference.record] != nil || (difference.change == .vanished && DiffForms.row(difference).map(parents.contains) ?? false)
    }

    /// Whether its group's heading says all of it: an item that says what its control said, and that control.
    func isFolded(_ difference: AgreementDifference) -> Bool {
        asParent.contains(difference.record) || (difference.change == .vanished && isDivided(difference))
    }

    /// What is said of one difference beside its cells.
    func remarks(on record: RecordID, of kind: String, _ language: Language) -> [String] {
        var remarks: [String] = []
        if alone.contains(record) { remarks.append(RowPhrases.diffAlone.text(in: language)) }
        guard let returned = returned[record] else { return remarks }
        if let label = returned.whole { remarks.append(RowPhrases.diffReturned.text(in: language, ["label": .text(label)])) }
        for (key, label) in returned.cells.sorted(by: { $0.key < $1.key }) {
            let field = CodeLabels.field(key, in: kind, language)
            remarks.append(RowPhrases.diffReturnedField.text(in: language, ["label": .text(label), "field": .text(field)]))
        }
        return remarks
    }
}

extension Workspace {
    /// The story of what differs between two times of what is published.
    func story(
        of differences: [AgreementDifference], from before: PublishedAt, to after: PublishedAt, of service: SpaceID,
        _ reader: any StoreReader
    ) throws -> DiffStory {
        var story = DiffStory(differences)
        story.origins = try origins(of: differences, to: after, of: service, reader)
        story.returned = try releasesReturnedTo(differences, from: before, of: service, reader)
        let rights = try reader.standing(of: service)?.rights
        for device in rights?.enrolledDevices ?? [] {
            story.labels[device] = rights?.organisation(of: device).flatMap { rights?.chain(of: $0) }?.devices[device]?.label
        }
        return story
    }
}
