#include "LibFuzzer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((weak)) int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*input)(const uint8_t *data, size_t size));
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

// libFuzzer calls without a context, on the thread that runs it.
static struct libfuzzer_calls calls;

static int look(const uint8_t *data, size_t size) {
    calls.input(calls.context, data, size);
    return 0;
}

static void end(void) {
    int status = calls.end(calls.context);
    fflush(NULL);
    if (status != 0) _exit(status);
}

int libfuzzer_is_linked(void) { return LLVMFuzzerRunDriver != NULL && LLVMFuzzerMutate != NULL; }

int libfuzzer_run(int argc, char **argv, struct libfuzzer_calls given) {
    if (!libfuzzer_is_linked()) return -1;
    calls = given;
    atexit(end);
    return LLVMFuzzerRunDriver(&argc, &argv, look);
}

size_t libfuzzer_mutate(uint8_t *data, size_t size, size_t most) {
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, size, most) : size;
}

// libFuzzer finds this by its name.
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    return calls.change != NULL ? calls.change(calls.context, data, size, most, seed) : libfuzzer_mutate(data, size, most);
}
