import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// A field with several values as people see it: what stood before, each value with its number, and the command to choose.
struct ConflictView {
    struct Line {
        let value: EncodedValue?
        let device: String?
        let isThisDevice: Bool
        /// By the device's clock, in milliseconds since 1970.
        let time: Int64?
        /// Whether it is what the other side holds to.
        let isTheirs: Bool
    }

    let conflict: ShownConflict
    /// The fields that were edited beside a deletion, each with the line of its value.
    let edits: [(name: String, line: Line)]
    let field: Field?
    let before: [EncodedValue]
    let lines: [Line]
    /// The field, with its language or element where the record has several in conflict.
    let fieldName: String

    static func all(
        _ conflicts: [ShownConflict], of selection: Selection, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [ConflictView] {
        let device = try reader.identity().device
        var forms: [SpaceID: (forms: HeadForms, own: Int?)] = [:]
        return try conflicts.map { conflict in
            let known: (forms: HeadForms, own: Int?)
            if let held = forms[conflict.space] {
                known = held
            } else {
                known = (
                    try HeadForms(conflict.space, reader), try reader.standing(of: conflict.space)?.rights.authorPosition(of: device)
                )
                forms[conflict.space] = known
            }
            let theirs = try theirs(of: conflict, selection, workspace, reader)
            let isAlone = conflicts.count { $0.record == conflict.record && $0.cell.key.field == conflict.cell.key.field } == 1
            func line(_ head: Head) throws -> Line {
                Line(
                    value: head.value, device: known.forms.device(of: head), isThisDevice: head.author == known.own,
                    time: try known.forms.time(of: head, in: conflict.record),
                    isTheirs: theirs != nil && head.value?.value.text == theirs)
            }
            return ConflictView(
                conflict: conflict, edits: try conflict.edits.flatMap { cell in try cell.heads.map { (cell.key.shown, try line($0)) } },
                field: workspace.schema.kind(conflict.kind)?.field(conflict.cell.key.field),
                before: try known.forms.before(conflict.cell, in: conflict.record),
                lines: try conflict.cell.heads.map(line), fieldName: isAlone ? conflict.cell.key.field : conflict.cell.key.shown)
        }
    }

    /// The allocation that the other side holds to, where one of ours is in conflict.
    private static func theirs(
        of conflict: ShownConflict, _ selection: Selection, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> String? {
        guard case .engagement(let engagement) = selection, conflict.cell.key == CellKey("allocation"), let key = conflict.row else {
            return nil
        }
        let negotiation = try workspace.row(key, of: engagement, reader).negotiation
        return (engagement.seat == .customer ? negotiation.provider : negotiation.customer).text
    }

    /// - Parameter selection: what the command that chooses has to name, where several things were looked at.
    func show(_ page: inout Page, _ times: TimeDisplay, at selection: Selection? = nil) {
        let language = page.language
        let flag = selection.map { " " + $0.option } ?? ""
        page.blank()
        if conflict.isLife { return showLife(&page, times, flag) }
        let values = before.count > 1 ? before : before.filter { !$0.isNull }
        let told = values.map { words($0, language) }.joined(separator: " / ")
        let standing =
            values.isEmpty
            ? ConflictPhrases.beforeNone.text(in: language) : ConflictPhrases.before.text(in: language, ["value": .text(told)])
        page.place(.at(0, Span("\(conflict.name)  \(fieldName)", .strong)), .at(50, Span(standing)))
        for (index, line) in lines.enumerated() {
            var text = line.value.map { words($0, language) } ?? RowPhrases.erasedValue.text(in: language)
            if line.isTheirs { text = ConflictPhrases.asTheirs.text(in: language, ["value": .text(text)]) }
            place(line, [.at(2, Span(String(index + 1))), .at(5, Span(text))], &page, times)
        }
        let address = conflict.row?.pasteable ?? conflict.name
        page.place(.command(5, "buntan resolve \(address) \(fieldName) --take 1 --seen \(conflict.seen)\(flag)"))
    }

    /// A deletion and what stands beside it: there is nothing to number, only a record to let go or to keep.
    private func showLife(_ page: inout Page, _ times: TimeDisplay, _ flag: String) {
        let language = page.language
        page.place(.at(0, Span("\(conflict.name)  \(conflict.kind)", .strong)), .at(50, Span(ConflictPhrases.lifeOpen.text(in: language))))
        for line in lines { place(line, [.at(2, Span(line.value.map { words($0, language) } ?? "-"))], &page, times) }
        for (name, line) in edits {
            let known = SchemaRegistry.current.kind(conflict.kind)?.field(name.split(separator: "/").first.map(String.init) ?? name)
            let value = line.value.map { FieldValue.print($0.value, as: known?.type ?? .string) }
            place(line, [.at(2, Span("\(name): \(value ?? RowPhrases.erasedValue.text(in: language))"))], &page, times)
        }
        let address = conflict.row?.pasteable ?? conflict.name
        for choice in ["--delete", "--restore"] {
            page.place(.command(5, "buntan resolve \(address) \(choice) --seen \(conflict.seen)\(flag)"))
        }
    }

    private func place(_ line: Line, _ words: [Placed], _ page: inout Page, _ times: TimeDisplay) {
        let label = line.device ?? "-"
        let device = line.isThisDevice ? ConflictPhrases.thisDevice.text(in: page.language, ["device": .text(label)]) : label
        let time = line.time.map { times.stamp(Date(timeIntervalSince1970: Double($0) / 1000)) } ?? ""
        page.place(words + [.at(50, Span(device)), .at(75, Span(time))])
    }

    /// A value in words: texts in quotes, codes as they are typed.
    private func words(_ value: EncodedValue, _ language: Language) -> String {
        if conflict.cell.key == .life {
            return (value.isFalse ? ConflictPhrases.deleted : .kept).text(in: language)
        }
        if value.isNull { return ConflictPhrases.empty.text(in: language) }
        // Which words of the other side were accepted: told apart by the beginning of their digest.
        if conflict.cell.key == CellKey("accepts"), let digest = value.value.bytes {
            return "\(RowPhrases.diffAcceptsNow.text(in: language)) (\(Hexadecimal.text(digest).prefix(8))…)"
        }
        let text = CodeLabels.printed(value.value, of: field, in: conflict.kind, language)
        return field?.type == .text || field?.type == .string ? "\"\(text)\"" : text
    }
}
