#include "storage/head_file.hpp"

#include "storage/crc32c.hpp"
#include "storage/file_handle.hpp"
#include "storage/record_codec.hpp"

#include <fcntl.h>

#include <array>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::size_t kSlots = 2;
constexpr std::size_t kSlotBytes = 4096;
constexpr std::size_t kMaxTextBytes = 4000;
constexpr std::string_view kMagic = "TBHEAD1\n";

struct Slot {
    std::uint64_t counter{0};
    std::string text;
};

/// The bytes of a slot: magic, checksum, then what the checksum covers: counter and text.
Bytes encode_slot(const Slot& slot) {
    const Bytes body = RecordWriter().number(slot.counter).sized(slot.text).bytes();
    Bytes bytes = RecordWriter().raw(as_bytes(kMagic)).number(crc32c(body)).raw(body).bytes();
    bytes.resize(kSlotBytes);
    return bytes;
}

std::optional<Slot> decode_slot(BytesView bytes) {
    RecordReader reader(bytes);
    const BytesView magic = reader.raw(kMagic.size());
    const std::uint64_t checksum = reader.number();
    Slot slot;
    slot.counter = reader.number();
    slot.text = reader.sized_text();
    if (reader.failed() || as_text(magic) != kMagic || slot.text.empty()) return std::nullopt;
    const Bytes body = RecordWriter().number(slot.counter).sized(slot.text).bytes();
    if (crc32c(body) != checksum) return std::nullopt;
    return slot;
}

class TwoSlotHeadFile final : public HeadFile {
public:
    TwoSlotHeadFile(FileHandle file, std::array<std::optional<Slot>, kSlots> slots)
        : file_(std::move(file)), slots_(std::move(slots)) {}

    [[nodiscard]] std::vector<std::string> read() const override {
        std::vector<std::string> texts;
        const std::size_t newest = newest_slot();
        if (slots_[newest]) texts.push_back(slots_[newest]->text);
        if (slots_[1 - newest]) texts.push_back(slots_[1 - newest]->text);
        return texts;
    }

    [[nodiscard]] Result<void> write(std::string_view signed_checkpoint) override {
        if (signed_checkpoint.size() > kMaxTextBytes) return Errc::too_large;
        const std::size_t newest = newest_slot();
        const std::size_t older = 1 - newest;
        const std::uint64_t counter = slots_[newest] ? slots_[newest]->counter + 1 : 1;
        Slot next{counter, std::string(signed_checkpoint)};

        // If we stop during this, the older slot may be torn; the newest is untouched.
        slots_[older].reset();
        const auto offset = static_cast<off_t>(older * kSlotBytes);
        if (const auto done = file_.write_at(encode_slot(next), offset); !done) return done.error();
        slots_[older] = std::move(next);
        return {};
    }

    [[nodiscard]] Result<void> sync() override { return file_.sync_data(); }

private:
    /// The whole slot with the higher counter; the first if none is whole.
    [[nodiscard]] std::size_t newest_slot() const {
        if (!slots_[1]) return 0;
        return slots_[0] && slots_[0]->counter >= slots_[1]->counter ? 0 : 1;
    }

    FileHandle file_;
    std::array<std::optional<Slot>, kSlots> slots_;
};

}  // namespace

Result<std::unique_ptr<HeadFile>> HeadFile::open(const std::filesystem::path& path) {
    Result<FileHandle> file = FileHandle::open(path, O_RDWR | O_CREAT);
    if (!file) return Errc::storage_failure;
    // If we stop here, the file may be gone after a power cut, and the next start makes it again.
    if (const auto synced = sync_folder(path.parent_path()); !synced) return synced.error();

    std::array<std::optional<Slot>, kSlots> slots;
    for (std::size_t i = 0; i < kSlots; ++i) {
        std::array<std::uint8_t, kSlotBytes> bytes{};
        const auto read = file->read_at(bytes, static_cast<off_t>(i * kSlotBytes));
        if (!read) return read.error();
        slots[i] = decode_slot(std::span(bytes).first(*read));
    }
    return std::unique_ptr<HeadFile>(
        std::make_unique<TwoSlotHeadFile>(std::move(*file), std::move(slots)));
}

}  // namespace tongbao::storage
