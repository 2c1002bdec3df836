#include "client/daemon/alarm.hpp"

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

}  // namespace tongbao::client
