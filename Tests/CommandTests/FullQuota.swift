import BuntanProtocol
import Storage
import StorageSQLite
import Testing

@testable import Exchange

extension LoopbackServer {
    /// Leaves an organisation nothing to say at this server: its quota is full, and so is the reserve for what protects it.
    func fillQuota(of organisation: OrganisationID) throws {
        try store.write { writer in
            try #require(try Operating.setQuota(1, of: organisation, writer))
            try writer.setNumber(Quota.reserveBytes, for: StoredNames.reserve(nil, organisation))
        }
    }

    /// Gives it its quota back, and its reserve.
    func liftQuota(of organisation: OrganisationID) throws {
        try store.write { writer in
            try #require(try Operating.setQuota(nil, of: organisation, writer))
            try writer.setNumber(0, for: StoredNames.reserve(nil, organisation))
        }
    }
}
