import Glibc

/// The three files that every program is given.
enum StandardDescriptors {
    /// Puts something in the place of those that are closed: whatever was opened next would otherwise be taken for them, and
    /// what is printed would end in a store.
    ///
    /// Writing to them fails, so that nothing is lost in silence; standard input is at its end.
    static func fill() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is taken, and those below are taken already.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
