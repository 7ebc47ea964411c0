// SPDX-License-Identifier: Apache-2.0
import './menu.css';

import { session } from '../../api/session';
import { Title } from '../../parts/title';
import { say } from '../../words/words';
import { placesOf } from './places';

export default function Admin() {
	const open = session.value ? placesOf(session.value) : [];

	return (
		<>
			<Title text={say('admin.title')} />
			{open.length === 0 && <p>{say('admin.nothing')}</p>}
			<dl>
				{open.map((place) => (
					<div class="place" key={place.href}>
						<dt>
							<a href={place.href}>{say(place.title)}</a>
						</dt>
						<dd class="hint">{say(place.what)}</dd>
					</div>
				))}
			</dl>
		</>
	);
}
