import BuntanProtocol
import Records
import Replica
import Rules
import Storage

/// A row that a new service begins with: a control that has cloud guidance for one side or both, or one of a framework that was taken
/// in; not allocated yet.
struct ServiceTemplate {
    /// What `--template` takes.
    static let name = "iso27017"

    private let key: RowKey
    private let topic: [String: String]

    /// The rows to answer for ISO/IEC 27017, in order of the catalogue.
    static func iso27017() throws -> [ServiceTemplate] {
        let catalogue = try Catalogue.iso27017()
        return catalogue.controls.filter { !$0.guidance.isEmpty }.map {
            ServiceTemplate(key: RowKey(framework: catalogue.edition.id, controlId: $0.id), topic: ["en": $0.title.en, "ja": $0.title.ja])
        }
    }

    /// The rows for the controls of a framework that was taken in, those of a baseline where one is named behind it
    /// (`nist-800-53r5/low`); `nil` where there is no such framework or baseline.
    static func stored(_ typed: String, _ reader: any StoreReader) throws -> [ServiceTemplate]? {
        guard let home = try StoreDirectory(reader).home(reader), let choice = try StoredFramework.Choice(typed, reader) else { return nil }
        return try choice.controls(in: home, reader).filter { !$0.isWithdrawn }.map {
            ServiceTemplate(key: RowKey(framework: choice.framework.id, controlId: $0.id), topic: $0.title)
        }
    }

    func draft(in space: SpaceID) -> RecordDraft {
        var cells = [CellKey("allocation"): Value.text("unallocated")]
        for (language, text) in topic { cells[CellKey("topic", language)] = .text(text) }
        return RecordDraft(space: space, kind: "responsibility", key: key.fields, cells: cells)
    }
}
