#pragma once

#ifdef TONGBAO_MIMALLOC
#include <mimalloc.h>
#endif

namespace tongbao::program {

/// Lets the services' allocator keep what was freed for two seconds, ready for whoever allocates
/// next, before the system gets it back. By itself it keeps it for 25 ms: the buffers of batches,
/// some hundred KiB each, were given back and taken anew all the time, each page by a fault, which
/// cost the hub nearly half of its processor time under load. What an idle process takes stays the
/// same. A value in the environment (mimalloc's manual) goes before this one.
///
/// For the begin of `main`. Does nothing where mimalloc is not the allocator, as in the presets of
/// the sanitizers.
inline void keep_freed_memory() noexcept {
#ifdef TONGBAO_MIMALLOC
    constexpr long kMilliseconds = 2000;
    mi_option_set_default(mi_option_decommit_delay, kMilliseconds);
#endif
}

}  // namespace tongbao::program
