import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Syncing

/// The layouts of PROTOCOL.md, from the vectors that stand beside it.
enum LayoutTargets {
    private typealias Reencode = @Sendable ([UInt8]) throws -> [UInt8]

    /// Whether bytes that are taken are the only ones for what they say: what is signed or stored, and every request.
    private struct Layout: Sendable {
        let isExact: Bool
        let reencode: Reencode
    }

    static func all(vectors: URL, corpus: URL) throws -> [FuzzTarget] {
        let book = try Book(vectors)
        let groups: [(String, [String])] = [
            ("cbor", ["value", "cell"]),
            ("entries", ["change", "entry", "genesis", "invitation-offer", "statement-word", "server-statement"]),
            ("push", ["push request"]), ("replay", ["replay request"]), ("snapshot", ["snapshot answer"]),
            ("answers", ["pull answer", "heads answer", "push answer", "error answer", "hello answer", "digest answer"]),
            ("requests", ["register request", "statement request", "create_space request", "heads request", "invite request"]),
        ]
        return try groups.map { group, names in
            let kept = try Kept.bytes(of: group, in: corpus)
            let good = try names.flatMap { name -> [[UInt8]] in
                guard let found = book.bytes[name] else { throw Finding(sentence: "no vector of \(name)") }
                return found
            }
            // All of a group read all of it: bytes of one layout are close to another's.
            let layouts = names.compactMap { name in Self.layouts[name].map { (name, $0) } }
            guard layouts.count == names.count else { throw Finding(sentence: "no layout for each of \(names)") }
            return FuzzTarget(
                name: group, corpus: good + kept,
                make: { inputs, bytes in
                    inputs.below(3) == 0 ? inputs.damaged(bytes) : inputs.restructured(bytes, with: good)
                },
                judge: { bytes in try layouts.reduce(false) { try read(bytes, $1.0, $1.1) || $0 } })
        }
    }

    private static func read(_ bytes: [UInt8], _ name: String, _ layout: Layout) throws -> Bool {
        let again: [UInt8]
        do { again = try layout.reencode(bytes) } catch is DecodingFault { return false } catch is Refusal { return false }
        if layout.isExact {
            guard again == bytes else { throw Finding(sentence: "\(name) took bytes for others") }
        } else {
            // What a later version may add is passed over, once.
            do {
                guard try layout.reencode(again) == again else { throw Finding(sentence: "\(name) writes what it reads otherwise") }
            } catch is DecodingFault { throw Finding(sentence: "\(name) writes what it does not read") }
        }
        return true
    }

    private static func exact(_ reencode: @escaping Reencode) -> Layout { Layout(isExact: true, reencode: reencode) }

    private static func exact<M: Message & SendableMetatype>(_ type: M.Type) -> Layout { exact { try M(decoding: $0).encoded() } }

    private static func lenient<M: Message & SendableMetatype>(_ type: M.Type) -> Layout {
        Layout(isExact: false) { try M(decoding: $0).encoded() }
    }

    private static let layouts: [String: Layout] = [
        "value": exact { bytes in
            Array(try CBORReader.decode(bytes) { r throws(DecodingFault) in try Value(from: &r) }.encoded.bytes)
        },
        "cell": exact { bytes in
            let cell = try CBORReader.decode(bytes) { r throws(DecodingFault) in
                try r.array(of: 2)
                return try CellKey(from: &r)
            }
            return CBORWriter.encode {
                $0.array(2)
                cell.write(to: &$0)
            }
        },
        "change": exact { try Change(decoding: $0).encoded() },
        "entry": exact { bytes in
            let entry = try Entry(decoding: bytes)
            // An entry may carry what nobody takes: it is read all the same.
            do throws(DecodingFault) { _ = try entry.unwrapped() } catch { return entry.encoded() }
            return entry.encoded()
        },
        "genesis": exact { try Genesis(decoding: $0).encoded() },
        "invitation-offer": exact { try Invitation(decoding: $0).encoded() },
        "statement-word": exact { try Statement(decoding: $0).encoded() },
        "server-statement": exact { try ServerStatement(decoding: $0).encoded() },
        "push request": exact { bytes in
            let push = try PushRequest(decoding: bytes)
            // As a server takes each change: its form, its limits and its signature.
            for item in push.items {
                guard case .change(let signed) = item else { continue }
                // Refused or not: an answer either way.
                do throws(Refusal) { _ = try ReceivedChange(checking: signed) } catch { continue }
            }
            return push.encoded()
        },
        "replay request": exact(ReplayRequest.self), "register request": exact(RegisterRequest.self),
        "statement request": exact(StatementRequest.self), "create_space request": exact(CreateSpaceRequest.self),
        "heads request": exact(HeadsRequest.self), "invite request": exact(InviteRequest.self),
        "snapshot answer": Layout(isExact: false) { bytes in
            let page = try SnapshotPage(decoding: bytes)
            for state in page.states {
                let read: RecordState
                // A state in another form than its one form is refused by whoever takes the page.
                do throws(DecodingFault) { read = try RecordState(decoding: state.state, admitsPending: false) } catch { continue }
                guard read.encoded() == state.state else { throw Finding(sentence: "a state was read as another") }
            }
            return page.encoded()
        },
        "pull answer": lenient(LogPage.self), "heads answer": lenient(HeadsAnswer.self), "push answer": lenient(VerdictsAnswer.self),
        "error answer": lenient(ErrorAnswer.self), "hello answer": lenient(HelloRequest.Answer.self),
        "digest answer": lenient(DigestRequest.Answer.self),
    ]

    /// The good bytes of the vectors by layout.
    private struct Book {
        private(set) var bytes: [String: [[UInt8]]] = [:]

        init(_ folder: URL) throws {
            for name in ["messages", "spaces", "changes", "statements", "values"] {
                let data = try Data(contentsOf: folder.appending(path: name + ".json"))
                collect(try JSONSerialization.jsonObject(with: data))
            }
        }

        private mutating func collect(_ part: Any) {
            switch part {
            case let object as [String: Any]:
                if let layout = object["layout"] as? String, let hex = object["hex"] as? String, let found = Hexadecimal.bytes(hex) {
                    bytes[layout, default: []].append(found)
                }
                for key in object.keys.sorted() { if let inner = object[key] { collect(inner) } }
            case let list as [Any]: for inner in list { collect(inner) }
            default: break
            }
        }
    }
}

/// Inputs that found something once, kept beside this program.
enum Kept {
    static func bytes(of target: String, in folder: URL) throws -> [[UInt8]] {
        let place = folder.appending(path: target)
        guard FileManager.default.fileExists(atPath: place.path(percentEncoded: false)) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }.map { Array(try Data(contentsOf: $0)) }
    }
}
