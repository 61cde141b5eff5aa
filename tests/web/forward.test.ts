import { API_KEY, openSmallHouse } from './small-house.js'

test('a report is sent on only to a server that the settings name, and the refusal says where to write it', async () => {
  const house = await openSmallHouse()
  await house.addCamera(house.areas.own)
  const form = new URLSearchParams({ api_key: API_KEY, service_code: 'illegal-parking', lat: '10.3866', long: '105.4352', description: 'Xe tải đỗ trước cổng chợ' })
  const posted = await fetch(`${house.app.url}/open311/v2/requests.json`, { method: 'POST', body: form })
  const [created] = (await posted.json()) as { service_request_id: string }[]
  const answered = await house.ask(`/api/reports/${created!.service_request_id}/forward`, { method: 'POST', cookie: house.cookie('ioc'), body: { destination: 'so-giao-thong' } })
  const problem = (await answered.json()) as { faults: { field: string; reason: string }[] }
  expect([answered.status, problem.faults[0]?.field]).toEqual([400, 'destination'])
  expect(problem.faults[0]?.reason).toMatch(/open311\.destinations/)
  await house.close()
})
