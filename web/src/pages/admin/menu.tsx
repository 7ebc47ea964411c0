// SPDX-License-Identifier: Apache-2.0
//
// From one page of those who look after the server to the next.
import './menu.css';

import { session } from '../../api/session';
import { address } from '../../shell/address';
import { say } from '../../words/words';
import { placesOf } from './places';

export function AdminMenu() {
	const open = session.value ? placesOf(session.value) : [];

	if (open.length === 0) {
		return null; // who reads his own account here
	}
	return (
		<nav class="menu" aria-label={say('admin.title')}>
			<ul>
				{open.map((place) => (
					<li key={place.href}>
						<a
							href={place.href}
							aria-current={address.value.pathname.startsWith(place.href) ? 'page' : undefined}
						>
							{say(place.title)}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}
