import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

/// An id that is given belongs to one engagement or service, so nobody has to be asked which one is meant.
extension Selector {
    /// What a command about records of a kind works on: those of the organisation as a whole need nothing to be chosen (commands.md section 2).
    func eitherOrNone(for kind: Kind) throws -> Selection? {
        do { return try eitherOrNone() } catch let failure as CommandFailure
            where failure.code == ErrorPhrases.noCurrent.code && kind.spaces == [.private]
        {
            return nil
        }
    }

    /// What is meant by a command that was given ids; where nothing is chosen, what all of them stand in.
    ///
    /// Rows stand in no one thing: with one among them it has to be chosen as ever.
    func eitherOrNone(holding typed: [String], _ reader: any StoreReader) throws -> Selection? {
        do { return try eitherOrNone() } catch let failure as CommandFailure where failure.code == ErrorPhrases.noCurrent.code {
            let index = try StoreIndex(reader)
            var held: [Selection] = []
            for word in typed {
                guard let places = places(of: word, index) else { throw failure }
                held += places.compactMap { selection(of: $0) }
            }
            guard let first = held.first else { return nil }
            guard held.allSatisfy({ $0.space == first.space }) else { throw failure }
            return first
        }
    }

    /// The engagement meant by a command that was given an id; where none is chosen, the one that the id stands in, or the only one
    /// about the service that it stands in.
    func engagement(holding typed: String, _ reader: any StoreReader) throws -> KnownEngagement {
        do { return try engagement() } catch let failure as CommandFailure where failure.code == ErrorPhrases.noCurrent.code {
            switch try eitherOrNone(holding: [typed], reader) {
            case .engagement(let engagement)?: return engagement
            case .service(let service)?:
                let engaged = directory.engagements.filter { $0.service == service.service }
                guard engaged.count == 1 else { throw failure }
                return engaged[0]
            case nil: throw failure
            }
        }
    }

    /// The engagement of the agreement that an id names, whichever is chosen; one that was named with the command stands, and so
    /// does what is chosen where the id is of no agreement or of several.
    func engagement(ofAgreement typed: String, _ reader: any StoreReader) throws -> KnownEngagement? {
        guard invocation.options.engagement == nil, invocation.options.service == nil else { return nil }
        var places: [RecordID: KnownEngagement] = [:]
        for engagement in directory.engagements {
            for brief in try reader.briefs(of: "agreement", in: engagement.space) { places[brief.id] = engagement }
        }
        if let id = RecordID(uuid: typed.lowercased()) { return places[id] }
        guard case .one(let id) = ShortIDs(Array(places.keys)).find(typed.lowercased()) else { return nil }
        return places[id]
    }

    /// The spaces that one thing stands in, none for what is the organisation's own; `nil` for a word that names no one thing by its id
    /// or handle.
    private func places(of word: String, _ index: StoreIndex) -> [SpaceID]? {
        guard case .one(let thing) = index.find(word) else {
            let handle = directory.services.first { $0.handle == word }?.service ?? directory.engagements.first { $0.handle == word }?.space
            return handle.map { [$0] }
        }
        switch thing {
        case .record(let id): return (index.records[id] ?? []).map(\.space)
        case .change(let id): return index.changes[id].map { [$0] } ?? []
        case .space(let id): return [id]
        case .device, .invitation: return []
        }
    }
}

extension Selection {
    fileprivate var space: SpaceID {
        switch self {
        case .service(let service): service.service
        case .engagement(let engagement): engagement.space
        }
    }
}
