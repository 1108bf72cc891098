#ifndef LIB_FUZZER_H
#define LIB_FUZZER_H

#include <stddef.h>
#include <stdint.h>

// The toolchain's libFuzzer, where a program was built with it (`make fuzz`); every other program has these functions, too.

typedef int (*libfuzzer_input)(const uint8_t *data, size_t size);
typedef size_t (*libfuzzer_mutator)(uint8_t *data, size_t size, size_t most, unsigned seed);

/// Whether the program was built with libFuzzer.
int libfuzzer_is_linked(void);

/// Runs it with its own arguments, and calls `input` with each input and `mutator` to change one. It ends the process.
int libfuzzer_run(int argc, char **argv, libfuzzer_input input, libfuzzer_mutator mutator);

/// Changes an input as libFuzzer would without a mutator; returns its new size.
size_t libfuzzer_mutate(uint8_t *data, size_t size, size_t most);

#endif
