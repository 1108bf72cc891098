import BuntanProtocol
import Records
import Replica
import Rules

/// A row that a new service begins with: a control that has cloud guidance for one side or both, not allocated yet.
struct ServiceTemplate {
    /// What `--template` takes.
    static let name = "iso27017"

    private let key: RowKey
    private let topic: BilingualText

    /// The rows to answer for ISO/IEC 27017, in order of the catalogue.
    static func iso27017() throws -> [ServiceTemplate] {
        let catalogue = try Catalogue.iso27017()
        return catalogue.controls.filter { !$0.guidance.isEmpty }.map {
            ServiceTemplate(key: RowKey(framework: catalogue.edition.id, controlId: $0.id), topic: $0.title)
        }
    }

    func draft(in space: SpaceID) -> RecordDraft {
        RecordDraft(
            space: space, kind: "responsibility", key: key.fields,
            cells: [
                CellKey("allocation"): .text("unallocated"), CellKey("topic", "en"): .text(topic.en),
                CellKey("topic", "ja"): .text(topic.ja),
            ])
    }
}
