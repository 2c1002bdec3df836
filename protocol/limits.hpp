#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound on size, count and time that two programs must agree on, with its reason.
namespace tongbao::protocol {

/// The version of the stream protocol; a peer of another one is refused by name. The second one: in
/// the first all entries of a run travelled whole.
inline constexpr std::uint16_t kProtocolVersion = 2;

/// A notice is a message, not a file: what is larger travels as an attachment.
inline constexpr std::size_t kMaxNoticeBytes = 48 * 1024;
/// An act of 256 `delivered` notices takes about 26 KiB.
inline constexpr std::size_t kMaxActBytes = 48 * 1024;
/// One `delivered` act speaks of at most so many notices: its log entry stays under 65,535 bytes.
inline constexpr std::size_t kMaxNoticesPerAct = 256;
/// Leaves under one signature. Positions in a batch are 16 bits; 1,024 leaves already cost less
/// than a microsecond of signature each.
inline constexpr std::size_t kMaxLeavesPerBatch = 1024;
/// Recipients of one notice, `to` and `cc` together, so that its log entry stays under 65,535
/// bytes.
inline constexpr std::size_t kMaxRecipients = 256;
/// Attachments of one notice.
inline constexpr std::size_t kMaxAttachments = 64;
/// One attachment. Streamed everywhere: the bound is on disk, not on memory.
inline constexpr std::uint64_t kMaxAttachmentBytes = 64ull * 1024 * 1024;
/// An entry's length is a 16-bit number in the bundles of tlog-tiles.
inline constexpr std::size_t kMaxLogEntryBytes = 65'535;
/// An opaque entry, which has some 200 bytes, and its record (protocol/shown_entry.hpp).
inline constexpr std::size_t kMaxShownEntryBytes = kMaxLogEntryBytes + 512;
/// An inclusion path has one digest for each level of the tree, and a size is a 64-bit number.
inline constexpr std::size_t kMaxInclusionDigests = 64;
/// Nesting of any JSON text: a notice needs 4.
inline constexpr std::size_t kMaxJsonDepth = 64;
/// Integers beyond ±(2^53−1) are not the same number to every reader (RFC 7493 section 2.2).
inline constexpr std::int64_t kMaxJsonInteger = (std::int64_t{1} << 53) - 1;
/// Members of one object: their names are compared with each other, so there may not be many.
inline constexpr std::size_t kMaxJsonMembers = 512;
/// A container of one SignerInfo without certificates takes about 600 bytes.
inline constexpr std::size_t kMaxStatementBytes = 4 * 1024;
/// One frame of the stream: a batch of small notices, or some of the largest.
inline constexpr std::size_t kMaxFrameBytes = 4 * 1024 * 1024;
/// The leaves of one batch, so that its frame stays within kMaxFrameBytes, and the delivery of it
/// too, which brings the log entries along.
inline constexpr std::size_t kMaxBatchBytes = 512 * 1024;
/// Leaves that a daemon signs at once.
inline constexpr std::size_t kPreferredBatchLeaves = 256;
/// The body of a submission over plain HTTP: base64 of a batch.
inline constexpr std::size_t kMaxSubmissionBytes = 1024 * 1024;
/// The rows of a table that travels as an attachment: a unit reads them at once to check them.
inline constexpr std::size_t kMaxDetachedTableBytes = 4 * 1024 * 1024;
/// A stable code: the longest has about 30 characters.
inline constexpr std::size_t kMaxCodeBytes = 64;
/// The log's name, as in its checkpoints.
inline constexpr std::size_t kMaxOriginBytes = 8 * 1024;
/// Hashes of one proof: a consistency proof of a log of 2^63 entries has fewer.
inline constexpr std::size_t kMaxProofDigests = 128;
/// Entries of one run: a leaf can cause two, its own and a `replied`.
inline constexpr std::size_t kMaxRunEntries = 2 * kMaxLeavesPerBatch;
/// Stretches at which an entry of a run differs from the one before it: salt, two digests, and what
/// few random characters in common make of them.
inline constexpr std::size_t kMaxEntryChanges = 16;
/// The entries of one run together, however few bytes of a frame say them.
inline constexpr std::size_t kMaxRunBytes = kMaxFrameBytes;
/// The place and the explanation of a reason, each; what is longer is cut.
inline constexpr std::size_t kMaxReasonTextBytes = 1024;
/// Reasons of one leaf that travel on a stream; further ones are left out.
inline constexpr std::size_t kMaxReasonsPerLeaf = 256;
/// All reasons of one Outcome, so that its frame stays within kMaxFrameBytes; beyond it a leaf has
/// only the code of its first reason.
inline constexpr std::size_t kMaxOutcomeReasonBytes = 256 * 1024;
/// A signed checkpoint with the cosignatures of many witnesses.
inline constexpr std::size_t kMaxCheckpointBytes = 16 * 1024;
/// Bytes of deliveries that a hub sends on a stream before the daemon says that it has stored them.
inline constexpr std::size_t kDeliveryWindowBytes = 4 * 1024 * 1024;
/// Batches that a daemon has under way at once on a stream.
inline constexpr std::size_t kSubmitWindow = 8;

/// A peer that is connected and says nothing is asked for a sign of life, then let go.
inline constexpr std::chrono::seconds kIdleLimit{60};
inline constexpr std::chrono::seconds kHandshakeLimit{10};
inline constexpr std::chrono::seconds kHeaderLimit{10};
/// Between two pieces of a body: slow is allowed, silent is not.
inline constexpr std::chrono::seconds kBodyLimit{30};

}  // namespace tongbao::protocol
