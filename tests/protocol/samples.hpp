#pragma once

#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "domain/notice.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

/// Texts written out by hand and what they mean. All data is synthetic: division 990000 is not
/// assigned, so no case or unit can have these numbers.
namespace tongbao::samples {

inline UtcTime at(int hour, int minute, int second, int milliseconds) {
    using namespace std::chrono;
    return sys_days(year(2026) / 11 / 22) + hours(hour) + minutes(minute) + seconds(second) +
           std::chrono::milliseconds(milliseconds);
}

/// 32 equal bytes; `byte_hex` repeated 32 times is its text.
inline Digest digest_of(std::uint8_t byte) {
    Digest::Array array{};
    array.fill(byte);
    return Digest(array);
}

inline std::string hex_of(std::string byte_hex) {
    std::string text;
    for (int i = 0; i < 32; ++i) text += byte_hex;
    return text;
}

/// The bytes of hexadecimal digits between which spaces may stand.
inline Bytes from_spaced_hex(const std::string& text) {
    std::string digits;
    for (const char character : text) {
        if (character != ' ') digits += character;
    }
    return from_hex(digits).value();
}

inline Uuid uuid_of(const std::string& text) {
    return *Uuid::parse(text);
}

inline const std::string kNoticeId = "019ab5e2-9c3b-7cc3-98c4-dc0c0c07398f";
inline const std::string kAnsweredId = "019ab5e2-0000-7000-8000-000000000001";
inline const std::string kActId = "019ab5e2-9c3c-7000-8000-0000000000aa";

/// A notice with every member that there is.
inline std::string notice_text() {
    return R"({"format":"tongbao/notice/v1","id":")" + kNoticeId +
           R"(","nonce":"AAECAwQFBgcICQoLDA0ODw==","charter":{"id":"sample_2026","version":3},)"
           R"("kind":"case_transfer","from":"bureau_a","to":["bureau_b","local.990000.clinic"],)"
           R"("cc":["office"],"case":"990000202600001","in_reply_to":")" +
           kAnsweredId +
           R"(","issued_at":"2026-11-22T09:30:00.123Z","title":"移送\n\"线索\"","doc_no":"试〔2026〕1号",)"
           R"("secrecy":"L2","urgency":"normal","fields":{"amount":-1250,"urgent":true,"note":"甲",)"
           R"("subjects":[{"name":"乙","count":2,"known":false},{"name":"丙"}],"visits":{"sha256":")" +
           hex_of("ab") +
           R"("}},"attachments":[{"kind":"letter","name":"../信.pdf",)"
           R"("media_type":"application/pdf","size":1024,"sha256":")" +
           hex_of("01") + R"("},{"kind":"list","none":true}]})";
}

inline Notice notice() {
    Notice notice;
    notice.id = NoticeId(uuid_of(kNoticeId));
    for (std::uint8_t i = 0; i < 16; ++i) notice.nonce[i] = i;
    notice.charter = CharterId("sample_2026");
    notice.charter_version = CharterVersion(3);
    notice.kind = KindId("case_transfer");
    notice.from = UnitId("bureau_a");
    notice.to = {UnitId("bureau_b"), UnitId("local.990000.clinic")};
    notice.cc = {UnitId("office")};
    notice.case_number = CaseNumber("990000202600001");
    notice.in_reply_to = NoticeId(uuid_of(kAnsweredId));
    notice.issued_at = at(9, 30, 0, 123);
    notice.title = "移送\n\"线索\"";
    notice.doc_no = "试〔2026〕1号";
    notice.secrecy = "L2";
    notice.urgency = "normal";
    const Table subjects{
        Row{{{"name", std::string("乙")}, {"count", std::int64_t{2}}, {"known", false}}},
        Row{{{"name", std::string("丙")}}}};
    notice.fields = {Field{"amount", std::int64_t{-1250}}, Field{"urgent", true},
                     Field{"note", std::string("甲")}, Field{"subjects", subjects},
                     Field{"visits", DetachedTable{digest_of(0xab)}}};
    notice.attachments = {
        Attachment{"letter", "../信.pdf", "application/pdf", 1024, digest_of(0x01)},
        NoAttachment{"list"}};
    return notice;
}

/// An act that delivers two notices.
inline std::string act_text() {
    return R"({"format":"tongbao/act/v1","id":")" + kActId +
           R"(","act":"delivered","from":"bureau_b","issued_at":"2026-11-22T09:31:00.000Z",)"
           R"("notices":[{"sha256":")" +
           hex_of("0a") + R"(","index":17},{"sha256":")" + hex_of("0b") +
           R"(","index":9007199254740991}]})";
}

inline Act act() {
    Act act;
    act.id = ActId(uuid_of(kActId));
    act.kind = ActKind::delivered;
    act.from = UnitId("bureau_b");
    act.issued_at = at(9, 31, 0, 0);
    act.notices = {NoticeRef{digest_of(0x0a), LogIndex(17)},
                   NoticeRef{digest_of(0x0b), LogIndex(9007199254740991u)}};
    return act;
}

/// `text` with its first `from` replaced by `to`.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    if (place == std::string::npos) return "no such part: " + from;
    return text.replace(place, from.size(), to);
}

}  // namespace tongbao::samples
