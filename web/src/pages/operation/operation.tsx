// SPDX-License-Identifier: Apache-2.0
//
// How the server is: what whoever looks after it wants to know in the morning.
import './operation.css';

import { Title } from '../../parts/title';
import { say } from '../../words/words';
import { AdminMenu } from '../admin/menu';
import { Copies } from './copies';
import { Evidence } from './evidence';
import { FixitySection } from './fixity';
import { Health } from './health';
import { Jobs } from './jobs';
import { Outside } from './outside';

export default function Operation() {
	return (
		<>
			<AdminMenu />
			<Title text={say('operation.title')} />
			<Health />
			<Copies />
			<FixitySection />
			<Jobs />
			<Evidence />
			<Outside />
		</>
	);
}
