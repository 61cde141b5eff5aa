import type { Reason } from '../../analytics/rules/observation.js'
import { wordReason } from '../../server/domain/reason.js'

test.each<[Reason, string, string]>([
  [{ code: 'red_light', class: 'car', redForMs: 4_100, yellowMs: null }, 'Ô tô con qua vạch dừng khi đèn đã đỏ 4,1 giây', 'A car crossed the stop line 4.1 s into red'],
  [{ code: 'red_light', class: 'car', redForMs: 4_100, yellowMs: 3_000 }, 'Ô tô con qua vạch dừng khi đèn đã đỏ 4,1 giây, trước đó đèn vàng 3,0 giây', 'A car crossed the stop line 4.1 s into red after 3.0 s of yellow'],
  [{ code: 'stop_line_over', class: 'two_wheeler', stoodMs: 4_200, redForMs: 900, overSizes: 0.6 }, 'Xe hai bánh dừng quá vạch dừng 0,6 thân xe suốt 4,2 giây khi đèn đỏ', 'A two-wheeler stood 0.6 of its size over the stop line for 4.2 s on red'],
  [{ code: 'no_entry', class: 'truck', side: 'right' }, 'Xe tải đi vào đường cấm, qua vạch về phía phải', 'A truck entered the closed road, over the line to the right'],
  [{ code: 'wrong_lane', class: 'car', heldMs: 3_000, travelled: 4.5 }, 'Ô tô con đi sai làn suốt 3,0 giây, được 4,5 thân xe', 'A car travelled in the wrong lane for 3.0 s, 4.5 of its size'],
  [{ code: 'sidewalk_driving', class: 'two_wheeler', travelled: 3.2 }, 'Xe hai bánh chạy dọc vỉa hè được 3,2 thân xe', 'A two-wheeler drove 3.2 of its size along the pavement'],
  [{ code: 'u_turn', class: 'car', turnDeg: 172, turnMs: 5_200 }, 'Ô tô con quay đầu 172° trong 5,2 giây', 'A car turned round by 172° in 5.2 s'],
  [{ code: 'abreast', count: 4, countMin: 3, heldMs: 6_000 }, '4 xe hai bánh đi dàn hàng ngang suốt 6,0 giây, mức báo 3', '4 two-wheelers rode side by side for 6.0 s, limit 3'],
  [{ code: 'queue', count: 12, countMin: 10, heldMs: 95_000 }, '12 xe đứng chờ trong vùng suốt 95 giây, mức báo 10', '12 vehicles stood in the zone for 95 s, limit 10'],
  [{ code: 'congestion', count: 31, countMin: 20, speed: 0.25, heldMs: 120_000 }, '31 xe trong vùng, nhích 0,3 thân xe mỗi giây suốt 120 giây, mức báo 20 xe', '31 vehicles in the zone at 0.3 of their size a second for 120 s, limit 20'],
  [{ code: 'flow', spanMs: 300_000, watchedMs: 300_000, counts: [] }, 'Trong 5 phút: sang trái 0, sang phải 0', 'In 5 min: to the left 0, to the right 0'],
  [{ code: 'flow', spanMs: 300_000, watchedMs: 90_000, counts: [] }, 'Trong 5 phút (chỉ xem được 1,5 phút): sang trái 0, sang phải 0', 'In 5 min (1.5 min watched): to the left 0, to the right 0'],
  [{ code: 'stalled_vehicle', class: 'truck', stoodMs: 64_000, passers: 14 }, 'Xe tải đứng yên giữa làn 64 giây, 14 xe khác đã vượt qua', 'A truck stood in the lane for 64 s while 14 others passed'],
  [{ code: 'crash', class: 'two_wheeler', other: 'car', speed: 2.1, stillMs: 8_000 }, 'Xe hai bánh đang chạy 2,1 thân xe mỗi giây thì dừng khựng khi chạm ô tô con, cả hai đứng yên 8,0 giây', 'A two-wheeler stopped dead from 2.1 of its size a second against a car; both still for 8.0 s'],
  [{ code: 'speed', class: 'car', kmh: 62, metres: 18.4 }, 'Ô tô con chạy khoảng 62 km/h trên 18,4 m (ước lượng, để thống kê)', 'A car at about 62 km/h over 18.4 m (estimate, for statistics)'],
])('%p', (reason, vi, en) => {
  expect(wordReason(reason)).toEqual({ vi, en })
})
