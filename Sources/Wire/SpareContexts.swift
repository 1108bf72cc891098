import Synchronization

/// Working memory of the compression library, kept between bodies because making it anew costs more than a short body.
///
/// A context carries nothing from one body to the next: whoever takes it resets it first.
final class SpareContexts: Sendable {
    /// `@unchecked`: the pointer is used by one body at a time; `spare` guards who that is.
    struct Context: @unchecked Sendable { let pointer: OpaquePointer }

    private static let kept = 4
    private let spare = Mutex<[Context]>([])
    private let make: @Sendable () -> OpaquePointer?
    private let free: @Sendable (OpaquePointer) -> Void

    init(make: @escaping @Sendable () -> OpaquePointer?, free: @escaping @Sendable (OpaquePointer) -> Void) {
        self.make = make
        self.free = free
    }

    deinit {
        for context in spare.withLock({ $0 }) { free(context.pointer) }
    }

    func take() -> Context? {
        spare.withLock { $0.popLast() } ?? make().map(Context.init)
    }

    func giveBack(_ context: Context) {
        let isKept = spare.withLock { spare in
            guard spare.count < Self.kept else { return false }
            spare.append(context)
            return true
        }
        if !isKept { free(context.pointer) }
    }
}
