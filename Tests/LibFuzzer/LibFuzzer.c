#include "LibFuzzer.h"

__attribute__((weak)) int LLVMFuzzerRunDriver(int *argc, char ***argv, libfuzzer_input input);
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static libfuzzer_mutator chosen;

int libfuzzer_is_linked(void) { return LLVMFuzzerRunDriver != NULL && LLVMFuzzerMutate != NULL; }

int libfuzzer_run(int argc, char **argv, libfuzzer_input input, libfuzzer_mutator mutator) {
    if (!libfuzzer_is_linked()) return -1;
    chosen = mutator;
    return LLVMFuzzerRunDriver(&argc, &argv, input);
}

size_t libfuzzer_mutate(uint8_t *data, size_t size, size_t most) {
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, size, most) : size;
}

// libFuzzer finds this by its name.
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    return chosen != NULL ? chosen(data, size, most, seed) : libfuzzer_mutate(data, size, most);
}
