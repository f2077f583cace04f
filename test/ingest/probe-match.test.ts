import { describe, expect, it } from '@jest/globals';
import { probeText, readProbeMatch } from '../../src/ingest/probe-match.js';

const ID = 'urn:uuid:0b1f6d4a-9e3c-4a55-8a0e-6f2f2f6d0c11';

/** As a camera of a common make answers. */
const answer = (scopes: string, relatesTo = ID, before = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>${before}
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">
<SOAP-ENV:Header><wsa:MessageID>uuid:aa</wsa:MessageID><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo></SOAP-ENV:Header>
<SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:1</wsa:Address></wsa:EndpointReference>
<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes}</d:Scopes>
<d:XAddrs>http://10.0.0.7/onvif/device_service</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`;

describe('an answer to a probe', () => {
  it('names the device in its own words', () => {
    const scopes =
      'onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/hardware/IPC-320\n onvif://www.onvif.org/name/Front%20door onvif://www.onvif.org/location/city/berlin';
    expect(readProbeMatch(answer(scopes), ID)).toEqual({
      name: 'Front door',
      hardware: 'IPC-320',
      location: 'city/berlin',
    });
  });

  it('needs no words', () => {
    expect(readProbeMatch(answer(''), ID)).toEqual({});
  });

  it('loses control characters, and what is longer than 100', () => {
    const scopes = `onvif://www.onvif.org/name/a%00%1b%5b31mb%E2%80%AEc onvif://www.onvif.org/hardware/${'x'.repeat(500)} onvif://www.onvif.org/location/100%`;
    expect(readProbeMatch(answer(scopes), ID)).toEqual({
      name: 'a [31mb c',
      hardware: 'x'.repeat(100),
      location: '100%',
    });
  });

  const entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  it.each([
    ['to another probe', answer('', 'urn:uuid:other')],
    ['with a document type', answer('onvif://www.onvif.org/name/&b;', ID, entity)],
    ['that is the probe itself', probeText(ID)],
    ['that is no XML', '\u0000\u0001 not xml'],
    ['that is cut', answer('').slice(0, 300)],
    ['that is empty', ''],
  ])('%s is none', (_, text) => {
    expect(readProbeMatch(text, ID)).toBeUndefined();
  });
});
