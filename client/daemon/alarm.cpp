#include "client/daemon/alarm.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {

Errc raise_alarm(Services& services, const std::string& what, const Reason& reason) {
    const std::string place = reason.place.empty() ? what : what + ", " + reason.place;
    std::string& alarm = services.hub.alarm;
    if (alarm.empty()) {
        alarm = std::string(code(reason.code)) + ": " + std::string(sentence(reason.code)) + " (" +
                place + ')';
    }
    services.events.alarm(alarm);
    services.logging.error(
        "ALARM_hub_not_trusted",
        {{"code", std::string(code(reason.code))},
         {"what", std::string(sentence(reason.code))},
         {"place", place},
         {"words", reason.explanation},
         {"consequence", "it is not taken over; compare the log's head with other units"}});
    return reason.code;
}

void set_unasked(Services& services, std::vector<UnaskedKey> unasked) {
    std::vector<UnaskedKey>& before = services.hub.unasked;
    if (unasked == before) return;
    for (const UnaskedKey& each : unasked) {
        if (std::find(before.begin(), before.end(), each) != before.end()) continue;
        services.logging.error(
            "ALARM_key_not_asked_for",
            {{"code", std::string(code(Errc::key_not_asked_for))},
             {"what", std::string(sentence(Errc::key_not_asked_for))},
             {"spiffe", each.spiffe},
             {"certificate", each.certificate.hex()},
             {"public_key", each.public_key.hex()},
             {"entry", std::to_string(each.enrolled.value())},
             {"consequence", "whoever holds this key can speak for the unit; work goes on"},
             {"do",
              "ask in the unit who ordered it; if nobody did, call the office and have it revoked; "
              "if somebody did, put the request or the certificate into the folder that "
              "[enrolment] requests names"}});
    }
    if (unasked.empty()) {
        services.logging.info("keys_all_asked_for");
    }
    std::string words;
    for (const UnaskedKey& each : unasked) {
        if (!words.empty()) words += "; ";
        words += alarm_words(each);
    }
    before = std::move(unasked);
    services.events.own_keys(words);
}

}  // namespace tongbao::client
