// SPDX-License-Identifier: Apache-2.0
import type { System } from '../../api/types';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { formatAgo, formatNumber, formatSize, formatTime } from '../../words/format';
import { say } from '../../words/words';

const LITTLE = 0.1; // of the disk

function Disk({ disk }: { disk: NonNullable<System['disk']> }) {
	const isFull = disk.free < disk.size * LITTLE;

	return (
		<>
			<dt>{say('health.disk')}</dt>
			<dd>
				<meter
					class="room"
					min={0}
					max={disk.size}
					high={disk.size * (1 - LITTLE)}
					value={disk.size - disk.free}
					aria-label={say('health.disk')}
				/>{' '}
				{say('health.free', { free: formatSize(disk.free), size: formatSize(disk.size) })}{' '}
				{isFull && <span class="badge badge-bad">{say('health.full')}</span>}
			</dd>
		</>
	);
}

export function Health() {
	const answer = useAnswer<System>('/system');

	return (
		<section aria-label={say('health.title')}>
			<h2>{say('health.title')}</h2>
			<Answered answer={answer}>
				{(system) => (
					<dl class="facts">
						<dt>{say('health.version')}</dt>
						<dd>hoso {system.version}</dd>
						<dt>{say('health.since')}</dt>
						<dd>
							{formatTime(system.started)} <span class="hint">({formatAgo(system.started)})</span>
						</dd>
						{system.store.broken && (
							<>
								<dt>{say('health.store')}</dt>
								<dd>
									<span class="badge badge-bad">{say('health.broken')}</span>
								</dd>
							</>
						)}
						{system.disk && <Disk disk={system.disk} />}
						<dt>{say('health.log')}</dt>
						<dd>{say('health.entries', { count: formatNumber(system.log_entries) })}</dd>
						<dt>{say('health.workers')}</dt>
						<dd>
							{say('health.busy', {
								busy: system.workers.busy,
								count: system.workers.count,
								waiting: system.workers.waiting,
							})}
						</dd>
					</dl>
				)}
			</Answered>
		</section>
	);
}
