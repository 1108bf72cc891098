#ifndef LIB_FUZZER_H
#define LIB_FUZZER_H

#include <stddef.h>
#include <stdint.h>

// The toolchain's libFuzzer, where a program was built with it (`make fuzz`); every other program has these functions, too.

/// What a run calls, each with the context that it was given.
struct libfuzzer_calls {
    void *context;
    /// Looks at an input.
    void (*input)(void *context, const uint8_t *data, size_t size);
    /// Changes an input in its place, within `most` bytes; returns its new size.
    size_t (*change)(void *context, uint8_t *data, size_t size, size_t most, unsigned seed);
    /// Is called as the process ends; returns the status with which it ends where that is not 0.
    int (*end)(void *context);
};

/// Whether the program was built with libFuzzer.
int libfuzzer_is_linked(void);

/// Runs it with its own arguments, once in a process, which it ends.
int libfuzzer_run(int argc, char **argv, struct libfuzzer_calls calls);

/// Changes an input as libFuzzer would by itself; returns its new size.
size_t libfuzzer_mutate(uint8_t *data, size_t size, size_t most);

#endif
