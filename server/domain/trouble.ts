import type { Words } from './words.js'

/**
 * Everything that goes wrong with a camera in the expected course of things: a closed union, so that each is named, told
 * and answered with the cheapest next step, and none becomes "unknown error". `said` holds the other side's last words,
 * already free of credentials.
 */
export const TROUBLE_CODES = ['unreachable', 'refused', 'auth', 'not_found', 'timed_out', 'no_stream', 'no_video', 'no_sound', 'codec_unsupported', 'transport', 'invalid_media', 'onvif_fault', 'clock_skew', 'address_forbidden', 'tools_missing', 'stalled', 'hung_up', 'not_pushed', 'intake_closed', 'invalid_address', 'transcoding_full', 'flooding', 'unsteady', 'degraded', 'internal'] as const
export type TroubleCode = (typeof TROUBLE_CODES)[number]

export interface Trouble {
  readonly code: TroubleCode
  /** What was tried ("RTSP DESCRIBE", "ONVIF GetProfiles") and on what (host:port/path, no credentials). */
  readonly tried: string
  readonly on: string
  readonly said: string
}

interface Told {
  readonly state: Words
  readonly next: Words
}

/** The named state and the next step, for the screen and the API. */
export const TROUBLE_WORDS: Readonly<Record<TroubleCode, Told>> = {
  unreachable: { state: { vi: 'Không liên lạc được', en: 'Unreachable' }, next: { vi: 'Kiểm tra nguồn điện, dây mạng và địa chỉ IP của camera.', en: 'Check the camera’s power, network cable and IP address.' } },
  refused: { state: { vi: 'Thiết bị từ chối kết nối', en: 'Connection refused' }, next: { vi: 'Địa chỉ có máy trả lời nhưng cổng đóng: kiểm tra số cổng và bật RTSP hoặc ONVIF trên camera.', en: 'A machine answers but the port is closed: check the port number and switch RTSP or ONVIF on in the camera.' } },
  auth: { state: { vi: 'Sai tên hoặc mật khẩu', en: 'Wrong name or password' }, next: { vi: 'Nhập lại tài khoản; một số hãng dùng tài khoản ONVIF riêng với tài khoản trang web.', en: 'Enter the account again; some makers keep a separate ONVIF user.' } },
  not_found: { state: { vi: 'Không có luồng ở đường dẫn này', en: 'No stream at this path' }, next: { vi: 'Kiểm tra đường dẫn RTSP theo hãng camera, hoặc thêm bằng địa chỉ ONVIF để máy tự tìm.', en: 'Check the RTSP path for this maker, or add the camera by its ONVIF address to find it.' } },
  timed_out: { state: { vi: 'Không trả lời kịp', en: 'No answer in time' }, next: { vi: 'Thiết bị nhận kết nối nhưng im lặng: khởi động lại camera hoặc kiểm tra đường truyền.', en: 'The device accepts but stays silent: restart the camera or check the link.' } },
  no_stream: { state: { vi: 'Camera không có luồng hình', en: 'The camera offers no stream' }, next: { vi: 'Mở trang cấu hình camera và bật ít nhất một hồ sơ luồng.', en: 'Open the camera’s own settings and switch on at least one media profile.' } },
  no_video: { state: { vi: 'Luồng không có hình', en: 'The stream has no video' }, next: { vi: 'Đường dẫn này chỉ có âm thanh hoặc dữ liệu: chọn luồng khác.', en: 'This path carries only sound or data: choose another stream.' } },
  no_sound: { state: { vi: 'Camera không gửi tiếng', en: 'The camera sends no sound' }, next: { vi: 'Bật âm thanh trong cấu hình luồng chính của camera, hoặc camera không có micrô.', en: 'Switch sound on for the main stream in the camera’s own settings, or the camera has no microphone.' } },
  codec_unsupported: { state: { vi: 'Kiểu nén chưa xem được', en: 'Codec not supported' }, next: { vi: 'Đổi luồng phụ của camera sang H.264.', en: 'Set the camera’s sub stream to H.264.' } },
  transport: { state: { vi: 'Kiểu truyền không hợp', en: 'Transport not supported' }, next: { vi: 'Camera không nhận RTSP qua TCP: chọn truyền UDP cho camera này.', en: 'The camera refuses RTSP over TCP: choose UDP for this camera.' } },
  invalid_media: { state: { vi: 'Hình gửi về bị hỏng', en: 'The media is broken' }, next: { vi: 'Khởi động lại camera; nếu còn, đổi thiết lập nén hoặc nâng phần mềm camera.', en: 'Restart the camera; if it stays, change its encoder settings or firmware.' } },
  onvif_fault: { state: { vi: 'ONVIF báo lỗi', en: 'ONVIF fault' }, next: { vi: 'Thêm camera bằng đường dẫn RTSP, hoặc nâng phần mềm camera.', en: 'Add the camera by its RTSP URL, or update its firmware.' } },
  clock_skew: { state: { vi: 'Camera lệch giờ', en: 'The camera’s clock is off' }, next: { vi: 'Đặt máy chủ thời gian (NTP) cho camera rồi thử lại.', en: 'Give the camera a time server (NTP), then try again.' } },
  address_forbidden: { state: { vi: 'Địa chỉ không được phép', en: 'Address not allowed' }, next: { vi: 'Chỉ dùng địa chỉ trong các dải mạng camera ghi ở cấu hình.', en: 'Use an address inside the camera networks listed in the settings.' } },
  tools_missing: { state: { vi: 'Máy chủ thiếu ffmpeg', en: 'The server lacks ffmpeg' }, next: { vi: 'Cài bằng lệnh: apt-get install ffmpeg, rồi khởi động lại.', en: 'Run: apt-get install ffmpeg, then restart.' } },
  stalled: { state: { vi: 'Mất hình', en: 'Picture lost' }, next: { vi: 'Kết nối còn nhưng hình không tới; máy chủ đang tự nối lại.', en: 'Connected, but no picture arrives; the server reconnects by itself.' } },
  hung_up: { state: { vi: 'Camera ngắt kết nối', en: 'The camera hung up' }, next: { vi: 'Máy chủ đang tự nối lại; nếu lặp lại, xem camera có quá nhiều người xem hoặc nguồn yếu.', en: 'The server reconnects by itself; if it repeats, look for too many viewers or weak power.' } },
  not_pushed: { state: { vi: 'Đang chờ thiết bị đẩy hình', en: 'Waiting for the encoder to push' }, next: { vi: 'Nhập địa chỉ và khóa đẩy vào thiết bị rồi bật phát RTMP; mất khóa thì tạo khóa mới.', en: 'Enter the push address and key in the device and start its RTMP output; if the key is lost, make a new one.' } },
  intake_closed: { state: { vi: 'Máy chủ chưa mở cổng nhận RTMP', en: 'The server’s RTMP port is not open' }, next: { vi: 'Đặt rtmp.enabled: true trong cấu hình; nếu cổng đã có chương trình khác dùng, đổi rtmp.port, rồi khởi động lại.', en: 'Set rtmp.enabled: true in the settings; if another program holds the port, change rtmp.port; then restart.' } },
  invalid_address: { state: { vi: 'Địa chỉ không hợp lệ', en: 'The address cannot be used' }, next: { vi: 'Nhập lại địa chỉ dạng rtsp://máy:cổng/đường-dẫn.', en: 'Enter the address again, as rtsp://host:port/path.' } },
  transcoding_full: { state: { vi: 'Máy chủ đã chuyển mã hết mức', en: 'The server transcodes all it can' }, next: { vi: 'Đóng bớt ô hình đang chuyển mã, hoặc đổi luồng phụ của camera sang H.264.', en: 'Close another tile that is transcoded, or set the camera’s sub stream to H.264.' } },
  flooding: { state: { vi: 'Camera gửi tràn dữ liệu', en: 'The camera floods' }, next: { vi: 'Máy chủ đã ngắt để giữ hình của các camera khác và sẽ thử lại sau; giảm tốc độ bit hoặc khởi động lại camera.', en: 'The server cut it so that other cameras keep their picture, and tries again later; lower its bit rate or restart the camera.' } },
  unsteady: { state: { vi: 'Camera chập chờn', en: 'The camera keeps breaking off' }, next: { vi: 'Có hình rồi lại mất nhiều lần, nên máy chủ chỉ thử lại nửa phút một lần: kiểm tra nguồn điện, dây mạng và số người xem cùng lúc.', en: 'Pictures come and break off again, so the server tries only twice a minute: check its power, cable and how many view it at once.' } },
  degraded: { state: { vi: 'Hình kém: mạng hẹp hoặc rớt gói', en: 'Poor picture: narrow or lossy link' }, next: { vi: 'Hình về thưa hơn mức camera gửi: kiểm tra đường mạng, hoặc giảm tốc độ bit của camera.', en: 'Fewer pictures arrive than the camera sends: check the link, or lower the camera’s bit rate.' } },
  internal: { state: { vi: 'Lỗi trong máy chủ', en: 'Server fault' }, next: { vi: 'Máy chủ tự khởi động lại phần này; nếu lặp lại, gửi mã lỗi cho người hỗ trợ.', en: 'The server restarts this part by itself; if it repeats, send the code to support.' } },
}
