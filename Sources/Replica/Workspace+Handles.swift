import BuntanProtocol
package import Storage

extension Workspace {
    /// Keeps the names that services and engagements have in this store from now on.
    ///
    /// A handle is made from names that others may change and from what else is here: one that is typed every day must not
    /// come to mean something else by either. What has no name yet waits for it.
    package func keepHandles(_ transaction: any StoreWriter) throws {
        let directory = try StoreDirectory(transaction)
        for service in directory.services where !service.name.isEmpty { try keep(service.handle, of: service.service, transaction) }
        for engagement in directory.engagements where !engagement.counterpartName.isEmpty && !engagement.serviceName.isEmpty {
            try keep(engagement.handle, of: engagement.space, transaction)
        }
    }

    private func keep(_ handle: String, of space: SpaceID, _ transaction: any StoreWriter) throws {
        let name = StoredName.handle(space)
        if try transaction.value(name) == nil { try transaction.setValue(Array(handle.utf8), for: name) }
    }

    /// Lets a service and its engagements be called by the service's new name; names that people gave stay.
    func renewHandles(of service: SpaceID, _ transaction: any StoreWriter) throws {
        let directory = try StoreDirectory(transaction)
        guard let old = directory.services.first(where: { $0.service == service })?.handle else { return }
        try transaction.setValue(nil, for: StoredName.handle(service))
        for engagement in directory.engagements where engagement.service == service && engagement.handle.hasSuffix("/" + old) {
            try transaction.setValue(nil, for: StoredName.handle(engagement.space))
        }
    }
}
