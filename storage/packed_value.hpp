#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

namespace tongbao::storage {

/// How a value of a packed family is stored: shorter, if it has some length and that makes it so.
/// It is packed before it is written, so that the write-ahead log, the buffers and the files have
/// less to carry. docs/STORAGE_FORMAT.md has the layout. Never empty. Linear.
///
/// Source: the LZ4 block format.
[[nodiscard]] Bytes pack(BytesView value);

/// What was packed. Takes no more memory than 255 times what is stored, whatever that says.
///
/// Errors: Errc::storage_corrupt if it is not of that form.
[[nodiscard]] Result<Bytes> unpack(BytesView stored);

}  // namespace tongbao::storage
