/** Generated from schemas/ by `npm run generate`; do not edit. */
// @ts-nocheck: ajv wrote what follows.
import type { ValidateFunction } from 'ajv'

/** By the title of the schema. */
export const VALIDATORS: Readonly<Record<string, ValidateFunction>> = {
  Global: validate22,
  Defaults: validate39,
  Frontend: validate57,
  HostRoute: validate89,
  Backend: validate113,
  Certificate: validate150,
  Userlist: validate156,
  Settings: validate162,
}

const func2 = function ucs2length(str) {
    const len = str.length;
    let length = 0;
    let pos = 0;
    let value;
    while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 0xd800 && value <= 0xdbff && pos < len) {
            // high surrogate, and there is a next character
            value = str.charCodeAt(pos);
            if ((value & 0xfc00) === 0xdc00)
                pos++; // low surrogate
        }
    }
    return length;
};

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if("legate/v1" !== data){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/apiVersion/const",keyword:"const",params:{allowedValue: "legate/v1"}});
errors++;
}
if(typeof data === "string"){
if(func2(data) > 16){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/apiVersion/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/apiVersion/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}

const pattern0 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "u");

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 63){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/label/maxLength",keyword:"maxLength",params:{limit: 63}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/label/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern0.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/label/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/label/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate26.errors = vErrors;
return errors === 0;
}

const pattern1 = new RegExp("^[A-Za-z0-9]([A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$", "u");
const pattern2 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f]*$", "u");

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.namespace === undefined){
data.namespace = "default";
}
if(data.labels === undefined){
data.labels = {};
}
if(data.annotations === undefined){
data.annotations = {};
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/metadata/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "namespace")) || (key0 === "labels")) || (key0 === "annotations"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/metadata/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate26(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
if(!(validate26(data.namespace, {instancePath:instancePath+"/namespace",parentData:data,parentDataProperty:"namespace",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
let data2 = data.labels;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(Object.keys(data2).length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/labels",schemaPath:"common.schema.json#/definitions/metadata/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 64}});
errors++;
}
for(const key1 in data2){
const _errs6 = errors;
if(typeof key1 === "string"){
if(func2(key1) > 253){
(vErrors ??= []).push({instancePath:instancePath+"/labels",schemaPath:"common.schema.json#/definitions/metadata/properties/labels/propertyNames/maxLength",keyword:"maxLength",params:{limit: 253},propertyName:key1});
errors++;
}
if(!pattern1.test(key1)){
(vErrors ??= []).push({instancePath:instancePath+"/labels",schemaPath:"common.schema.json#/definitions/metadata/properties/labels/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$"},propertyName:key1});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/labels",schemaPath:"common.schema.json#/definitions/metadata/properties/labels/propertyNames/type",keyword:"type",params:{type: "string"},propertyName:key1});
errors++;
}
var valid1 = _errs6 === errors;
if(!valid1){
(vErrors ??= []).push({instancePath:instancePath+"/labels",schemaPath:"common.schema.json#/definitions/metadata/properties/labels/propertyNames",keyword:"propertyNames",params:{propertyName: key1}});
errors++;
}
}
for(const key2 in data2){
let data3 = data2[key2];
if(typeof data3 === "string"){
if(func2(data3) > 256){
(vErrors ??= []).push({instancePath:instancePath+"/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/definitions/metadata/properties/labels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 256}});
errors++;
}
if(!pattern2.test(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/definitions/metadata/properties/labels/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/definitions/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/labels",schemaPath:"common.schema.json#/definitions/metadata/properties/labels/type",keyword:"type",params:{type: "object"}});
errors++;
}
let data4 = data.annotations;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(Object.keys(data4).length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/annotations",schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/maxProperties",keyword:"maxProperties",params:{limit: 64}});
errors++;
}
for(const key3 in data4){
const _errs13 = errors;
if(typeof key3 === "string"){
if(func2(key3) > 253){
(vErrors ??= []).push({instancePath:instancePath+"/annotations",schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/propertyNames/maxLength",keyword:"maxLength",params:{limit: 253},propertyName:key3});
errors++;
}
if(!pattern1.test(key3)){
(vErrors ??= []).push({instancePath:instancePath+"/annotations",schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$"},propertyName:key3});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/annotations",schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/propertyNames/type",keyword:"type",params:{type: "string"},propertyName:key3});
errors++;
}
var valid3 = _errs13 === errors;
if(!valid3){
(vErrors ??= []).push({instancePath:instancePath+"/annotations",schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/propertyNames",keyword:"propertyNames",params:{propertyName: key3}});
errors++;
}
}
for(const key4 in data4){
let data5 = data4[key4];
if(typeof data5 === "string"){
if(func2(data5) > 4096){
(vErrors ??= []).push({instancePath:instancePath+"/annotations/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 4096}});
errors++;
}
if(!pattern2.test(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/annotations/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/annotations/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/annotations",schemaPath:"common.schema.json#/definitions/metadata/properties/annotations/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/metadata/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate25.errors = vErrors;
return errors === 0;
}

const schema11 = {"type":"object","additionalProperties":false,"required":["address"],"properties":{"address":{"type":"string","minLength":2,"maxLength":512,"pattern":"^(stdout|stderr|(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)+|[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,5})?|\\[[0-9a-f]{0,4}:[0-9a-f:.]{1,40}\\](:[0-9]{1,5})?)$"},"facility":{"type":"string","maxLength":8,"enum":["kern","user","mail","daemon","auth","syslog","lpr","news","uucp","cron","auth2","ftp","ntp","audit","alert","cron2","local0","local1","local2","local3","local4","local5","local6","local7"],"default":"local0"},"level":{"type":"string","maxLength":8,"enum":["emerg","alert","crit","err","warning","notice","info","debug"]},"format":{"type":"string","maxLength":8,"enum":["rfc3164","rfc5424","raw","short","iso","local","timed"]}}};
const pattern5 = new RegExp("^(stdout|stderr|(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)+|[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,5})?|\\[[0-9a-f]{0,4}:[0-9a-f:.]{1,40}\\](:[0-9]{1,5})?)$", "u");

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.facility === undefined){
data.facility = "local0";
}
if(data.address === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/definitions/logTarget/required",keyword:"required",params:{missingProperty: "address"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "address") || (key0 === "facility")) || (key0 === "level")) || (key0 === "format"))){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/definitions/logTarget/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.address !== undefined){
let data0 = data.address;
if(typeof data0 === "string"){
if(func2(data0) > 512){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"global.schema.json#/definitions/logTarget/properties/address/maxLength",keyword:"maxLength",params:{limit: 512}});
errors++;
}
if(func2(data0) < 2){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"global.schema.json#/definitions/logTarget/properties/address/minLength",keyword:"minLength",params:{limit: 2}});
errors++;
}
if(!pattern5.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"global.schema.json#/definitions/logTarget/properties/address/pattern",keyword:"pattern",params:{pattern: "^(stdout|stderr|(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)+|[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,5})?|\\[[0-9a-f]{0,4}:[0-9a-f:.]{1,40}\\](:[0-9]{1,5})?)$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"global.schema.json#/definitions/logTarget/properties/address/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let data1 = data.facility;
if(!((((((((((((((((((((((((data1 === "kern") || (data1 === "user")) || (data1 === "mail")) || (data1 === "daemon")) || (data1 === "auth")) || (data1 === "syslog")) || (data1 === "lpr")) || (data1 === "news")) || (data1 === "uucp")) || (data1 === "cron")) || (data1 === "auth2")) || (data1 === "ftp")) || (data1 === "ntp")) || (data1 === "audit")) || (data1 === "alert")) || (data1 === "cron2")) || (data1 === "local0")) || (data1 === "local1")) || (data1 === "local2")) || (data1 === "local3")) || (data1 === "local4")) || (data1 === "local5")) || (data1 === "local6")) || (data1 === "local7"))){
(vErrors ??= []).push({instancePath:instancePath+"/facility",schemaPath:"global.schema.json#/definitions/logTarget/properties/facility/enum",keyword:"enum",params:{allowedValues: schema11.properties.facility.enum}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/facility",schemaPath:"global.schema.json#/definitions/logTarget/properties/facility/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/facility",schemaPath:"global.schema.json#/definitions/logTarget/properties/facility/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data.level !== undefined){
let data2 = data.level;
if(!((((((((data2 === "emerg") || (data2 === "alert")) || (data2 === "crit")) || (data2 === "err")) || (data2 === "warning")) || (data2 === "notice")) || (data2 === "info")) || (data2 === "debug"))){
(vErrors ??= []).push({instancePath:instancePath+"/level",schemaPath:"global.schema.json#/definitions/logTarget/properties/level/enum",keyword:"enum",params:{allowedValues: schema11.properties.level.enum}});
errors++;
}
if(typeof data2 === "string"){
if(func2(data2) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/level",schemaPath:"global.schema.json#/definitions/logTarget/properties/level/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/level",schemaPath:"global.schema.json#/definitions/logTarget/properties/level/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.format !== undefined){
let data3 = data.format;
if(!(((((((data3 === "rfc3164") || (data3 === "rfc5424")) || (data3 === "raw")) || (data3 === "short")) || (data3 === "iso")) || (data3 === "local")) || (data3 === "timed"))){
(vErrors ??= []).push({instancePath:instancePath+"/format",schemaPath:"global.schema.json#/definitions/logTarget/properties/format/enum",keyword:"enum",params:{allowedValues: schema11.properties.format.enum}});
errors++;
}
if(typeof data3 === "string"){
if(func2(data3) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/format",schemaPath:"global.schema.json#/definitions/logTarget/properties/format/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/format",schemaPath:"global.schema.json#/definitions/logTarget/properties/format/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/definitions/logTarget/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate30.errors = vErrors;
return errors === 0;
}

const schema12 = {"type":"string","maxLength":8,"enum":["TLSv1.0","TLSv1.1","TLSv1.2","TLSv1.3"]};

function validate32(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((((data === "TLSv1.0") || (data === "TLSv1.1")) || (data === "TLSv1.2")) || (data === "TLSv1.3"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/tlsVersion/enum",keyword:"enum",params:{allowedValues: schema12.enum}});
errors++;
}
if(typeof data === "string"){
if(func2(data) > 8){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/tlsVersion/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/tlsVersion/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate32.errors = vErrors;
return errors === 0;
}

const pattern6 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f]+$", "u");

function validate34(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 1024){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/text/maxLength",keyword:"maxLength",params:{limit: 1024}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/text/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern6.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/text/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/text/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate34.errors = vErrors;
return errors === 0;
}

const pattern10 = new RegExp("^([0-9]{1,5}(h|m|s|ms)){1,4}$", "u");

function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 32){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/duration/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
if(func2(data) < 2){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/duration/minLength",keyword:"minLength",params:{limit: 2}});
errors++;
}
if(!pattern10.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/duration/pattern",keyword:"pattern",params:{pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/duration/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate37.errors = vErrors;
return errors === 0;
}

const pattern7 = new RegExp("^(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)+$", "u");
const pattern8 = new RegExp("^[a-z_][a-z0-9_-]{0,31}$", "u");

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Global" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"global.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Global"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"global.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"global.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.log === undefined){
data3.log = [];
}
if(data3.tls === undefined){
data3.tls = {};
}
if(data3.hardStopAfter === undefined){
data3.hardStopAfter = "10m";
}
for(const key1 in data3){
if(!((((((((key1 === "maxconn") || (key1 === "threads")) || (key1 === "log")) || (key1 === "tls")) || (key1 === "chroot")) || (key1 === "user")) || (key1 === "group")) || (key1 === "hardStopAfter"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"global.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.maxconn !== undefined){
let data4 = data3.maxconn;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"global.schema.json#/properties/spec/properties/maxconn/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1000000 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"global.schema.json#/properties/spec/properties/maxconn/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}});
errors++;
}
if(data4 < 1 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"global.schema.json#/properties/spec/properties/maxconn/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
if(data3.threads !== undefined){
let data5 = data3.threads;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/threads",schemaPath:"global.schema.json#/properties/spec/properties/threads/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 64 || isNaN(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/threads",schemaPath:"global.schema.json#/properties/spec/properties/threads/maximum",keyword:"maximum",params:{comparison: "<=", limit: 64}});
errors++;
}
if(data5 < 1 || isNaN(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/threads",schemaPath:"global.schema.json#/properties/spec/properties/threads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
let data6 = data3.log;
if(Array.isArray(data6)){
if(data6.length > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/log",schemaPath:"global.schema.json#/properties/spec/properties/log/maxItems",keyword:"maxItems",params:{limit: 16}});
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(!(validate30(data6[i0], {instancePath:instancePath+"/spec/log/" + i0,parentData:data6,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/log",schemaPath:"global.schema.json#/properties/spec/properties/log/type",keyword:"type",params:{type: "array"}});
errors++;
}
let data8 = data3.tls;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(!(((key2 === "minVersion") || (key2 === "ciphers")) || (key2 === "cipherSuites"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/tls",schemaPath:"global.schema.json#/properties/spec/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}});
errors++;
}
}
if(data8.minVersion !== undefined){
if(!(validate32(data8.minVersion, {instancePath:instancePath+"/spec/tls/minVersion",parentData:data8,parentDataProperty:"minVersion",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
}
if(data8.ciphers !== undefined){
if(!(validate34(data8.ciphers, {instancePath:instancePath+"/spec/tls/ciphers",parentData:data8,parentDataProperty:"ciphers",rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
}
if(data8.cipherSuites !== undefined){
if(!(validate34(data8.cipherSuites, {instancePath:instancePath+"/spec/tls/cipherSuites",parentData:data8,parentDataProperty:"cipherSuites",rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/tls",schemaPath:"global.schema.json#/properties/spec/properties/tls/type",keyword:"type",params:{type: "object"}});
errors++;
}
if(data3.chroot !== undefined){
let data12 = data3.chroot;
if(typeof data12 === "string"){
if(func2(data12) > 512){
(vErrors ??= []).push({instancePath:instancePath+"/spec/chroot",schemaPath:"global.schema.json#/properties/spec/properties/chroot/maxLength",keyword:"maxLength",params:{limit: 512}});
errors++;
}
if(func2(data12) < 2){
(vErrors ??= []).push({instancePath:instancePath+"/spec/chroot",schemaPath:"global.schema.json#/properties/spec/properties/chroot/minLength",keyword:"minLength",params:{limit: 2}});
errors++;
}
if(!pattern7.test(data12)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/chroot",schemaPath:"global.schema.json#/properties/spec/properties/chroot/pattern",keyword:"pattern",params:{pattern: "^(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/chroot",schemaPath:"global.schema.json#/properties/spec/properties/chroot/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data3.user !== undefined){
let data13 = data3.user;
if(typeof data13 === "string"){
if(func2(data13) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/spec/user",schemaPath:"global.schema.json#/properties/spec/properties/user/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
if(func2(data13) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/user",schemaPath:"global.schema.json#/properties/spec/properties/user/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern8.test(data13)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/user",schemaPath:"global.schema.json#/properties/spec/properties/user/pattern",keyword:"pattern",params:{pattern: "^[a-z_][a-z0-9_-]{0,31}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/user",schemaPath:"global.schema.json#/properties/spec/properties/user/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data3.group !== undefined){
let data14 = data3.group;
if(typeof data14 === "string"){
if(func2(data14) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/spec/group",schemaPath:"global.schema.json#/properties/spec/properties/group/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
if(func2(data14) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/group",schemaPath:"global.schema.json#/properties/spec/properties/group/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern8.test(data14)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/group",schemaPath:"global.schema.json#/properties/spec/properties/group/pattern",keyword:"pattern",params:{pattern: "^[a-z_][a-z0-9_-]{0,31}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/group",schemaPath:"global.schema.json#/properties/spec/properties/group/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(!(validate37(data3.hardStopAfter, {instancePath:instancePath+"/spec/hardStopAfter",parentData:data3,parentDataProperty:"hardStopAfter",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"global.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"global.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

const schema15 = {"type":"object","additionalProperties":false,"required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"$ref":"legate#/definitions/0"},"kind":{"type":"string","const":"Defaults","maxLength":16},"metadata":{"$ref":"legate#/definitions/14"},"spec":{"type":"object","additionalProperties":false,"properties":{"maxconn":{"type":"integer","minimum":1,"maximum":1000000},"retries":{"type":"integer","minimum":0,"maximum":100},"options":{"type":"array","maxItems":12,"uniqueItems":true,"items":{"type":"string","maxLength":32,"enum":["HTTPLog","TCPLog","DontLogNull","Redispatch","ForwardFor","HTTPKeepAlive","HTTPServerClose","AbortOnClose","TCPKeepAlive","LogHealthChecks","LogSeparateErrors","ContStats"]},"default":[]},"timeouts":{"type":"object","additionalProperties":false,"default":{},"properties":{"connect":{"$ref":"legate#/definitions/4"},"client":{"$ref":"legate#/definitions/4"},"server":{"$ref":"legate#/definitions/4"},"queue":{"$ref":"legate#/definitions/4"},"check":{"$ref":"legate#/definitions/4"},"httpRequest":{"$ref":"legate#/definitions/4"},"httpKeepAlive":{"$ref":"legate#/definitions/4"},"clientFin":{"$ref":"legate#/definitions/4"},"serverFin":{"$ref":"legate#/definitions/4"},"tunnel":{"$ref":"legate#/definitions/4"},"tarpit":{"$ref":"legate#/definitions/4"}}},"errorFiles":{"type":"array","maxItems":17,"items":{"$ref":"legate#/definitions/23"},"default":[]}}}}};
const schema16 = {"type":"object","additionalProperties":false,"required":["status","file"],"properties":{"status":{"type":"integer","enum":[200,400,401,403,404,405,407,408,410,413,425,429,500,501,502,503,504]},"file":{"$ref":"legate#/definitions/6"}}};
const pattern11 = new RegExp("^/?(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)*$", "u");

function validate54(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 512){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/filePath/maxLength",keyword:"maxLength",params:{limit: 512}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/filePath/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern11.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/filePath/pattern",keyword:"pattern",params:{pattern: "^/?(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+(/(?!\\.\\.(/|$))[A-Za-z0-9._@+-]+)*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/filePath/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate54.errors = vErrors;
return errors === 0;
}


function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.status === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/definitions/errorFile/required",keyword:"required",params:{missingProperty: "status"}});
errors++;
}
if(data.file === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/definitions/errorFile/required",keyword:"required",params:{missingProperty: "file"}});
errors++;
}
for(const key0 in data){
if(!((key0 === "status") || (key0 === "file"))){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/definitions/errorFile/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.status !== undefined){
let data0 = data.status;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
(vErrors ??= []).push({instancePath:instancePath+"/status",schemaPath:"defaults.schema.json#/definitions/errorFile/properties/status/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if(!(((((((((((((((((data0 === 200) || (data0 === 400)) || (data0 === 401)) || (data0 === 403)) || (data0 === 404)) || (data0 === 405)) || (data0 === 407)) || (data0 === 408)) || (data0 === 410)) || (data0 === 413)) || (data0 === 425)) || (data0 === 429)) || (data0 === 500)) || (data0 === 501)) || (data0 === 502)) || (data0 === 503)) || (data0 === 504))){
(vErrors ??= []).push({instancePath:instancePath+"/status",schemaPath:"defaults.schema.json#/definitions/errorFile/properties/status/enum",keyword:"enum",params:{allowedValues: schema16.properties.status.enum}});
errors++;
}
}
if(data.file !== undefined){
if(!(validate54(data.file, {instancePath:instancePath+"/file",parentData:data,parentDataProperty:"file",rootData}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/definitions/errorFile/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate53.errors = vErrors;
return errors === 0;
}

const func28 = Object.prototype.hasOwnProperty;

function validate39(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Defaults" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"defaults.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Defaults"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"defaults.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"defaults.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.options === undefined){
data3.options = [];
}
if(data3.timeouts === undefined){
data3.timeouts = {};
}
if(data3.errorFiles === undefined){
data3.errorFiles = [];
}
for(const key1 in data3){
if(!(((((key1 === "maxconn") || (key1 === "retries")) || (key1 === "options")) || (key1 === "timeouts")) || (key1 === "errorFiles"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"defaults.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.maxconn !== undefined){
let data4 = data3.maxconn;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"defaults.schema.json#/properties/spec/properties/maxconn/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1000000 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"defaults.schema.json#/properties/spec/properties/maxconn/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}});
errors++;
}
if(data4 < 1 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"defaults.schema.json#/properties/spec/properties/maxconn/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
if(data3.retries !== undefined){
let data5 = data3.retries;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/retries",schemaPath:"defaults.schema.json#/properties/spec/properties/retries/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 100 || isNaN(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/retries",schemaPath:"defaults.schema.json#/properties/spec/properties/retries/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data5 < 0 || isNaN(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/retries",schemaPath:"defaults.schema.json#/properties/spec/properties/retries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
}
let data6 = data3.options;
if(Array.isArray(data6)){
if(data6.length > 12){
(vErrors ??= []).push({instancePath:instancePath+"/spec/options",schemaPath:"defaults.schema.json#/properties/spec/properties/options/maxItems",keyword:"maxItems",params:{limit: 12}});
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(!((((((((((((data7 === "HTTPLog") || (data7 === "TCPLog")) || (data7 === "DontLogNull")) || (data7 === "Redispatch")) || (data7 === "ForwardFor")) || (data7 === "HTTPKeepAlive")) || (data7 === "HTTPServerClose")) || (data7 === "AbortOnClose")) || (data7 === "TCPKeepAlive")) || (data7 === "LogHealthChecks")) || (data7 === "LogSeparateErrors")) || (data7 === "ContStats"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/options/" + i0,schemaPath:"defaults.schema.json#/properties/spec/properties/options/items/enum",keyword:"enum",params:{allowedValues: schema15.properties.spec.properties.options.items.enum}});
errors++;
}
if(typeof data7 === "string"){
if(func2(data7) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/spec/options/" + i0,schemaPath:"defaults.schema.json#/properties/spec/properties/options/items/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/options/" + i0,schemaPath:"defaults.schema.json#/properties/spec/properties/options/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let i1 = data6.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data6[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/spec/options",schemaPath:"defaults.schema.json#/properties/spec/properties/options/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/options",schemaPath:"defaults.schema.json#/properties/spec/properties/options/type",keyword:"type",params:{type: "array"}});
errors++;
}
let data8 = data3.timeouts;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(!(func28.call(schema15.properties.spec.properties.timeouts.properties, key2))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/timeouts",schemaPath:"defaults.schema.json#/properties/spec/properties/timeouts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}});
errors++;
}
}
if(data8.connect !== undefined){
if(!(validate37(data8.connect, {instancePath:instancePath+"/spec/timeouts/connect",parentData:data8,parentDataProperty:"connect",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.client !== undefined){
if(!(validate37(data8.client, {instancePath:instancePath+"/spec/timeouts/client",parentData:data8,parentDataProperty:"client",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.server !== undefined){
if(!(validate37(data8.server, {instancePath:instancePath+"/spec/timeouts/server",parentData:data8,parentDataProperty:"server",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.queue !== undefined){
if(!(validate37(data8.queue, {instancePath:instancePath+"/spec/timeouts/queue",parentData:data8,parentDataProperty:"queue",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.check !== undefined){
if(!(validate37(data8.check, {instancePath:instancePath+"/spec/timeouts/check",parentData:data8,parentDataProperty:"check",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.httpRequest !== undefined){
if(!(validate37(data8.httpRequest, {instancePath:instancePath+"/spec/timeouts/httpRequest",parentData:data8,parentDataProperty:"httpRequest",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.httpKeepAlive !== undefined){
if(!(validate37(data8.httpKeepAlive, {instancePath:instancePath+"/spec/timeouts/httpKeepAlive",parentData:data8,parentDataProperty:"httpKeepAlive",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.clientFin !== undefined){
if(!(validate37(data8.clientFin, {instancePath:instancePath+"/spec/timeouts/clientFin",parentData:data8,parentDataProperty:"clientFin",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.serverFin !== undefined){
if(!(validate37(data8.serverFin, {instancePath:instancePath+"/spec/timeouts/serverFin",parentData:data8,parentDataProperty:"serverFin",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.tunnel !== undefined){
if(!(validate37(data8.tunnel, {instancePath:instancePath+"/spec/timeouts/tunnel",parentData:data8,parentDataProperty:"tunnel",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data8.tarpit !== undefined){
if(!(validate37(data8.tarpit, {instancePath:instancePath+"/spec/timeouts/tarpit",parentData:data8,parentDataProperty:"tarpit",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/timeouts",schemaPath:"defaults.schema.json#/properties/spec/properties/timeouts/type",keyword:"type",params:{type: "object"}});
errors++;
}
let data20 = data3.errorFiles;
if(Array.isArray(data20)){
if(data20.length > 17){
(vErrors ??= []).push({instancePath:instancePath+"/spec/errorFiles",schemaPath:"defaults.schema.json#/properties/spec/properties/errorFiles/maxItems",keyword:"maxItems",params:{limit: 17}});
errors++;
}
const len1 = data20.length;
for(let i2=0; i2<len1; i2++){
if(!(validate53(data20[i2], {instancePath:instancePath+"/spec/errorFiles/" + i2,parentData:data20,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/errorFiles",schemaPath:"defaults.schema.json#/properties/spec/properties/errorFiles/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"defaults.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"defaults.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate39.errors = vErrors;
return errors === 0;
}

const schema18 = {"type":"object","additionalProperties":false,"required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"$ref":"legate#/definitions/0"},"kind":{"type":"string","const":"Frontend","maxLength":16},"metadata":{"$ref":"legate#/definitions/14"},"spec":{"type":"object","additionalProperties":false,"required":["listeners"],"properties":{"defaultsRef":{"$ref":"legate#/definitions/15"},"maxconn":{"type":"integer","minimum":1,"maximum":1000000},"listeners":{"type":"array","minItems":1,"maxItems":64,"items":{"$ref":"legate#/definitions/25"}},"defaultBackendRef":{"$ref":"legate#/definitions/15"},"filters":{"type":"array","maxItems":16,"items":{"$ref":"legate#/definitions/18"},"default":[]},"stats":{"type":"object","additionalProperties":false,"properties":{"path":{"$ref":"legate#/definitions/7","default":"/"},"refresh":{"$ref":"legate#/definitions/4"},"realm":{"$ref":"legate#/definitions/2","default":"HAProxy statistics"},"userlistRef":{"$ref":"legate#/definitions/15"},"showNode":{"type":"string","maxLength":8,"enum":["Show","Hide"],"default":"Hide"}}}}}}};

function validate60(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/reference/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "namespace"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/reference/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate26(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
if(data.namespace !== undefined){
if(!(validate26(data.namespace, {instancePath:instancePath+"/namespace",parentData:data,parentDataProperty:"namespace",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/reference/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate60.errors = vErrors;
return errors === 0;
}

const schema20 = {"type":"object","additionalProperties":false,"required":["name","port"],"properties":{"name":{"$ref":"legate#/definitions/1"},"address":{"type":"string","minLength":1,"maxLength":45,"pattern":"^(\\*|[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})$","default":"*"},"port":{"$ref":"legate#/definitions/5"},"protocol":{"type":"string","maxLength":8,"enum":["HTTP","HTTPS"],"default":"HTTP"},"acceptProxy":{"type":"string","maxLength":8,"enum":["Never","Always"],"default":"Never"},"tls":{"type":"object","additionalProperties":false,"required":["certificateRefs"],"properties":{"certificateRefs":{"type":"array","minItems":1,"maxItems":1024,"items":{"$ref":"legate#/definitions/15"}},"minVersion":{"$ref":"legate#/definitions/13"},"alpn":{"type":"array","maxItems":2,"uniqueItems":true,"items":{"type":"string","maxLength":8,"enum":["h2","http/1.1"]},"default":["h2","http/1.1"]}}}}};

function validate66(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((typeof data == "number") && (!(data % 1) && !isNaN(data))) && (isFinite(data)))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/port/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data > 65535 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}});
errors++;
}
if(data < 1 || isNaN(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
validate66.errors = vErrors;
return errors === 0;
}

const pattern12 = new RegExp("^(\\*|[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})$", "u");

function validate64(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.address === undefined){
data.address = "*";
}
if(data.protocol === undefined){
data.protocol = "HTTP";
}
if(data.acceptProxy === undefined){
data.acceptProxy = "Never";
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/definitions/listener/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
if(data.port === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/definitions/listener/required",keyword:"required",params:{missingProperty: "port"}});
errors++;
}
for(const key0 in data){
if(!((((((key0 === "name") || (key0 === "address")) || (key0 === "port")) || (key0 === "protocol")) || (key0 === "acceptProxy")) || (key0 === "tls"))){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/definitions/listener/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate26(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
let data1 = data.address;
if(typeof data1 === "string"){
if(func2(data1) > 45){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"frontend.schema.json#/definitions/listener/properties/address/maxLength",keyword:"maxLength",params:{limit: 45}});
errors++;
}
if(func2(data1) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"frontend.schema.json#/definitions/listener/properties/address/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern12.test(data1)){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"frontend.schema.json#/definitions/listener/properties/address/pattern",keyword:"pattern",params:{pattern: "^(\\*|[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"frontend.schema.json#/definitions/listener/properties/address/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data.port !== undefined){
if(!(validate66(data.port, {instancePath:instancePath+"/port",parentData:data,parentDataProperty:"port",rootData}))){
vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors);
errors = vErrors.length;
}
}
let data3 = data.protocol;
if(!((data3 === "HTTP") || (data3 === "HTTPS"))){
(vErrors ??= []).push({instancePath:instancePath+"/protocol",schemaPath:"frontend.schema.json#/definitions/listener/properties/protocol/enum",keyword:"enum",params:{allowedValues: schema20.properties.protocol.enum}});
errors++;
}
if(typeof data3 === "string"){
if(func2(data3) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/protocol",schemaPath:"frontend.schema.json#/definitions/listener/properties/protocol/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/protocol",schemaPath:"frontend.schema.json#/definitions/listener/properties/protocol/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data4 = data.acceptProxy;
if(!((data4 === "Never") || (data4 === "Always"))){
(vErrors ??= []).push({instancePath:instancePath+"/acceptProxy",schemaPath:"frontend.schema.json#/definitions/listener/properties/acceptProxy/enum",keyword:"enum",params:{allowedValues: schema20.properties.acceptProxy.enum}});
errors++;
}
if(typeof data4 === "string"){
if(func2(data4) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/acceptProxy",schemaPath:"frontend.schema.json#/definitions/listener/properties/acceptProxy/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/acceptProxy",schemaPath:"frontend.schema.json#/definitions/listener/properties/acceptProxy/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data.tls !== undefined){
let data5 = data.tls;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.alpn === undefined){
data5.alpn = ["h2","http/1.1"];
}
if(data5.certificateRefs === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/tls",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/required",keyword:"required",params:{missingProperty: "certificateRefs"}});
errors++;
}
for(const key1 in data5){
if(!(((key1 === "certificateRefs") || (key1 === "minVersion")) || (key1 === "alpn"))){
(vErrors ??= []).push({instancePath:instancePath+"/tls",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data5.certificateRefs !== undefined){
let data6 = data5.certificateRefs;
if(Array.isArray(data6)){
if(data6.length > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/tls/certificateRefs",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/certificateRefs/maxItems",keyword:"maxItems",params:{limit: 1024}});
errors++;
}
if(data6.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/tls/certificateRefs",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/certificateRefs/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(!(validate60(data6[i0], {instancePath:instancePath+"/tls/certificateRefs/" + i0,parentData:data6,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tls/certificateRefs",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/certificateRefs/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
if(data5.minVersion !== undefined){
if(!(validate32(data5.minVersion, {instancePath:instancePath+"/tls/minVersion",parentData:data5,parentDataProperty:"minVersion",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
}
let data9 = data5.alpn;
if(Array.isArray(data9)){
if(data9.length > 2){
(vErrors ??= []).push({instancePath:instancePath+"/tls/alpn",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/alpn/maxItems",keyword:"maxItems",params:{limit: 2}});
errors++;
}
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(!((data10 === "h2") || (data10 === "http/1.1"))){
(vErrors ??= []).push({instancePath:instancePath+"/tls/alpn/" + i1,schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/alpn/items/enum",keyword:"enum",params:{allowedValues: schema20.properties.tls.properties.alpn.items.enum}});
errors++;
}
if(typeof data10 === "string"){
if(func2(data10) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/tls/alpn/" + i1,schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/alpn/items/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tls/alpn/" + i1,schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/alpn/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let i2 = data9.length;
let j0;
if(i2 > 1){
const indices0 = {};
for(;i2--;){
let item0 = data9[i2];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/tls/alpn",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/alpn/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0}});
errors++;
break;
}
indices0[item0] = i2;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tls/alpn",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/properties/alpn/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tls",schemaPath:"frontend.schema.json#/definitions/listener/properties/tls/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/definitions/listener/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate64.errors = vErrors;
return errors === 0;
}

const schema22 = {"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"type":"string","maxLength":32,"enum":["RequestHeaderModifier","ResponseHeaderModifier"]},"requestHeaderModifier":{"$ref":"legate#/definitions/17"},"responseHeaderModifier":{"$ref":"legate#/definitions/17"}}};
const pattern13 = new RegExp("^[A-Za-z0-9!#$&'*+.^_|~-]{1,256}$", "u");

function validate75(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 256){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerName/maxLength",keyword:"maxLength",params:{limit: 256}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerName/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern13.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$&'*+.^_|~-]{1,256}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerName/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate75.errors = vErrors;
return errors === 0;
}


function validate74(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerValue/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
if(data.value === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerValue/required",keyword:"required",params:{missingProperty: "value"}});
errors++;
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "value"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerValue/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate75(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors);
errors = vErrors.length;
}
}
if(data.value !== undefined){
if(!(validate34(data.value, {instancePath:instancePath+"/value",parentData:data,parentDataProperty:"value",rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerValue/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate74.errors = vErrors;
return errors === 0;
}


function validate73(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.set === undefined){
data.set = [];
}
if(data.add === undefined){
data.add = [];
}
if(data.remove === undefined){
data.remove = [];
}
for(const key0 in data){
if(!(((key0 === "set") || (key0 === "add")) || (key0 === "remove"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerModifier/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.set;
if(Array.isArray(data0)){
if(data0.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/set",schemaPath:"common.schema.json#/definitions/headerModifier/properties/set/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(validate74(data0[i0], {instancePath:instancePath+"/set/" + i0,parentData:data0,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/set",schemaPath:"common.schema.json#/definitions/headerModifier/properties/set/type",keyword:"type",params:{type: "array"}});
errors++;
}
let data2 = data.add;
if(Array.isArray(data2)){
if(data2.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/add",schemaPath:"common.schema.json#/definitions/headerModifier/properties/add/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!(validate74(data2[i1], {instancePath:instancePath+"/add/" + i1,parentData:data2,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/add",schemaPath:"common.schema.json#/definitions/headerModifier/properties/add/type",keyword:"type",params:{type: "array"}});
errors++;
}
let data4 = data.remove;
if(Array.isArray(data4)){
if(data4.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/remove",schemaPath:"common.schema.json#/definitions/headerModifier/properties/remove/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
let data5 = data4[i2];
if(typeof data5 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/remove/" + i2,schemaPath:"common.schema.json#/definitions/headerModifier/properties/remove/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate75(data5, {instancePath:instancePath+"/remove/" + i2,parentData:data4,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors);
errors = vErrors.length;
}
}
let i3 = data4.length;
let j0;
if(i3 > 1){
const indices0 = {};
for(;i3--;){
let item0 = data4[i3];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/remove",schemaPath:"common.schema.json#/definitions/headerModifier/properties/remove/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j0}});
errors++;
break;
}
indices0[item0] = i3;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/remove",schemaPath:"common.schema.json#/definitions/headerModifier/properties/remove/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerModifier/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate73.errors = vErrors;
return errors === 0;
}


function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerFilter/required",keyword:"required",params:{missingProperty: "type"}});
errors++;
}
for(const key0 in data){
if(!(((key0 === "type") || (key0 === "requestHeaderModifier")) || (key0 === "responseHeaderModifier"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerFilter/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.type !== undefined){
let data0 = data.type;
if(!((data0 === "RequestHeaderModifier") || (data0 === "ResponseHeaderModifier"))){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"common.schema.json#/definitions/headerFilter/properties/type/enum",keyword:"enum",params:{allowedValues: schema22.properties.type.enum}});
errors++;
}
if(typeof data0 === "string"){
if(func2(data0) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"common.schema.json#/definitions/headerFilter/properties/type/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"common.schema.json#/definitions/headerFilter/properties/type/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.requestHeaderModifier !== undefined){
if(!(validate73(data.requestHeaderModifier, {instancePath:instancePath+"/requestHeaderModifier",parentData:data,parentDataProperty:"requestHeaderModifier",rootData}))){
vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors);
errors = vErrors.length;
}
}
if(data.responseHeaderModifier !== undefined){
if(!(validate73(data.responseHeaderModifier, {instancePath:instancePath+"/responseHeaderModifier",parentData:data,parentDataProperty:"responseHeaderModifier",rootData}))){
vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/headerFilter/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate72.errors = vErrors;
return errors === 0;
}

const pattern14 = new RegExp("^/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*$", "u");

function validate84(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 1024){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/urlPath/maxLength",keyword:"maxLength",params:{limit: 1024}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/urlPath/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern14.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/urlPath/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/urlPath/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate84.errors = vErrors;
return errors === 0;
}


function validate57(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Frontend" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"frontend.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Frontend"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"frontend.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"frontend.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.filters === undefined){
data3.filters = [];
}
if(data3.listeners === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"frontend.schema.json#/properties/spec/required",keyword:"required",params:{missingProperty: "listeners"}});
errors++;
}
for(const key1 in data3){
if(!((((((key1 === "defaultsRef") || (key1 === "maxconn")) || (key1 === "listeners")) || (key1 === "defaultBackendRef")) || (key1 === "filters")) || (key1 === "stats"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"frontend.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.defaultsRef !== undefined){
if(!(validate60(data3.defaultsRef, {instancePath:instancePath+"/spec/defaultsRef",parentData:data3,parentDataProperty:"defaultsRef",rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data3.maxconn !== undefined){
let data5 = data3.maxconn;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"frontend.schema.json#/properties/spec/properties/maxconn/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1000000 || isNaN(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"frontend.schema.json#/properties/spec/properties/maxconn/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}});
errors++;
}
if(data5 < 1 || isNaN(data5)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconn",schemaPath:"frontend.schema.json#/properties/spec/properties/maxconn/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
if(data3.listeners !== undefined){
let data6 = data3.listeners;
if(Array.isArray(data6)){
if(data6.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/spec/listeners",schemaPath:"frontend.schema.json#/properties/spec/properties/listeners/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
if(data6.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/listeners",schemaPath:"frontend.schema.json#/properties/spec/properties/listeners/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(!(validate64(data6[i0], {instancePath:instancePath+"/spec/listeners/" + i0,parentData:data6,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/listeners",schemaPath:"frontend.schema.json#/properties/spec/properties/listeners/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
if(data3.defaultBackendRef !== undefined){
if(!(validate60(data3.defaultBackendRef, {instancePath:instancePath+"/spec/defaultBackendRef",parentData:data3,parentDataProperty:"defaultBackendRef",rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
let data9 = data3.filters;
if(Array.isArray(data9)){
if(data9.length > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/filters",schemaPath:"frontend.schema.json#/properties/spec/properties/filters/maxItems",keyword:"maxItems",params:{limit: 16}});
errors++;
}
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
if(!(validate72(data9[i1], {instancePath:instancePath+"/spec/filters/" + i1,parentData:data9,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/filters",schemaPath:"frontend.schema.json#/properties/spec/properties/filters/type",keyword:"type",params:{type: "array"}});
errors++;
}
if(data3.stats !== undefined){
let data11 = data3.stats;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
if(data11.path === undefined){
data11.path = "/";
}
if(data11.realm === undefined){
data11.realm = "HAProxy statistics";
}
if(data11.showNode === undefined){
data11.showNode = "Hide";
}
for(const key2 in data11){
if(!(((((key2 === "path") || (key2 === "refresh")) || (key2 === "realm")) || (key2 === "userlistRef")) || (key2 === "showNode"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/stats",schemaPath:"frontend.schema.json#/properties/spec/properties/stats/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}});
errors++;
}
}
if(!(validate84(data11.path, {instancePath:instancePath+"/spec/stats/path",parentData:data11,parentDataProperty:"path",rootData}))){
vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
errors = vErrors.length;
}
if(data11.refresh !== undefined){
if(!(validate37(data11.refresh, {instancePath:instancePath+"/spec/stats/refresh",parentData:data11,parentDataProperty:"refresh",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(!(validate34(data11.realm, {instancePath:instancePath+"/spec/stats/realm",parentData:data11,parentDataProperty:"realm",rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
if(data11.userlistRef !== undefined){
if(!(validate60(data11.userlistRef, {instancePath:instancePath+"/spec/stats/userlistRef",parentData:data11,parentDataProperty:"userlistRef",rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
let data16 = data11.showNode;
if(!((data16 === "Show") || (data16 === "Hide"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/stats/showNode",schemaPath:"frontend.schema.json#/properties/spec/properties/stats/properties/showNode/enum",keyword:"enum",params:{allowedValues: schema18.properties.spec.properties.stats.properties.showNode.enum}});
errors++;
}
if(typeof data16 === "string"){
if(func2(data16) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/spec/stats/showNode",schemaPath:"frontend.schema.json#/properties/spec/properties/stats/properties/showNode/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/stats/showNode",schemaPath:"frontend.schema.json#/properties/spec/properties/stats/properties/showNode/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/stats",schemaPath:"frontend.schema.json#/properties/spec/properties/stats/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"frontend.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"frontend.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate57.errors = vErrors;
return errors === 0;
}

const pattern15 = new RegExp("^(\\*\\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$", "u");

function validate93(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 253){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostnamePattern/maxLength",keyword:"maxLength",params:{limit: 253}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostnamePattern/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern15.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostnamePattern/pattern",keyword:"pattern",params:{pattern: "^(\\*\\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostnamePattern/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate93.errors = vErrors;
return errors === 0;
}

const schema30 = {"type":"object","additionalProperties":false,"properties":{"path":{"type":"object","additionalProperties":false,"required":["value"],"default":{"type":"PathPrefix","value":"/"},"properties":{"type":{"type":"string","maxLength":16,"enum":["Exact","PathPrefix"],"default":"PathPrefix"},"value":{"$ref":"legate#/definitions/7"}}}}};

function validate97(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.path === undefined){
data.path = {"type":"PathPrefix","value":"/"};
}
for(const key0 in data){
if(!(key0 === "path")){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/match/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.path;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.type === undefined){
data0.type = "PathPrefix";
}
if(data0.value === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"host-route.schema.json#/definitions/match/properties/path/required",keyword:"required",params:{missingProperty: "value"}});
errors++;
}
for(const key1 in data0){
if(!((key1 === "type") || (key1 === "value"))){
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"host-route.schema.json#/definitions/match/properties/path/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
let data1 = data0.type;
if(!((data1 === "Exact") || (data1 === "PathPrefix"))){
(vErrors ??= []).push({instancePath:instancePath+"/path/type",schemaPath:"host-route.schema.json#/definitions/match/properties/path/properties/type/enum",keyword:"enum",params:{allowedValues: schema30.properties.path.properties.type.enum}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/path/type",schemaPath:"host-route.schema.json#/definitions/match/properties/path/properties/type/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/path/type",schemaPath:"host-route.schema.json#/definitions/match/properties/path/properties/type/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data0.value !== undefined){
if(!(validate84(data0.value, {instancePath:instancePath+"/path/value",parentData:data0,parentDataProperty:"value",rootData}))){
vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"host-route.schema.json#/definitions/match/properties/path/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/match/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate97.errors = vErrors;
return errors === 0;
}

const schema31 = {"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"type":"string","maxLength":32,"enum":["RequestHeaderModifier","ResponseHeaderModifier","RequestRedirect"]},"requestHeaderModifier":{"$ref":"legate#/definitions/17"},"responseHeaderModifier":{"$ref":"legate#/definitions/17"},"requestRedirect":{"type":"object","additionalProperties":false,"properties":{"scheme":{"type":"string","maxLength":8,"enum":["http","https"]},"hostname":{"$ref":"legate#/definitions/10"},"port":{"$ref":"legate#/definitions/5"},"path":{"type":"object","additionalProperties":false,"required":["replaceFullPath"],"properties":{"type":{"type":"string","maxLength":32,"enum":["ReplaceFullPath"],"default":"ReplaceFullPath"},"replaceFullPath":{"$ref":"legate#/definitions/7"}}},"statusCode":{"type":"integer","enum":[301,302,303,307,308],"default":302}}}}};
const pattern16 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$", "u");

function validate103(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 253){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostname/maxLength",keyword:"maxLength",params:{limit: 253}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostname/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern16.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostname/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/hostname/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate103.errors = vErrors;
return errors === 0;
}


function validate100(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/filter/required",keyword:"required",params:{missingProperty: "type"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "type") || (key0 === "requestHeaderModifier")) || (key0 === "responseHeaderModifier")) || (key0 === "requestRedirect"))){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/filter/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.type !== undefined){
let data0 = data.type;
if(!(((data0 === "RequestHeaderModifier") || (data0 === "ResponseHeaderModifier")) || (data0 === "RequestRedirect"))){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"host-route.schema.json#/definitions/filter/properties/type/enum",keyword:"enum",params:{allowedValues: schema31.properties.type.enum}});
errors++;
}
if(typeof data0 === "string"){
if(func2(data0) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"host-route.schema.json#/definitions/filter/properties/type/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"host-route.schema.json#/definitions/filter/properties/type/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.requestHeaderModifier !== undefined){
if(!(validate73(data.requestHeaderModifier, {instancePath:instancePath+"/requestHeaderModifier",parentData:data,parentDataProperty:"requestHeaderModifier",rootData}))){
vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors);
errors = vErrors.length;
}
}
if(data.responseHeaderModifier !== undefined){
if(!(validate73(data.responseHeaderModifier, {instancePath:instancePath+"/responseHeaderModifier",parentData:data,parentDataProperty:"responseHeaderModifier",rootData}))){
vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors);
errors = vErrors.length;
}
}
if(data.requestRedirect !== undefined){
let data3 = data.requestRedirect;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.statusCode === undefined){
data3.statusCode = 302;
}
for(const key1 in data3){
if(!(((((key1 === "scheme") || (key1 === "hostname")) || (key1 === "port")) || (key1 === "path")) || (key1 === "statusCode"))){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.scheme !== undefined){
let data4 = data3.scheme;
if(!((data4 === "http") || (data4 === "https"))){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/scheme",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/scheme/enum",keyword:"enum",params:{allowedValues: schema31.properties.requestRedirect.properties.scheme.enum}});
errors++;
}
if(typeof data4 === "string"){
if(func2(data4) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/scheme",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/scheme/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/scheme",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/scheme/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data3.hostname !== undefined){
if(!(validate103(data3.hostname, {instancePath:instancePath+"/requestRedirect/hostname",parentData:data3,parentDataProperty:"hostname",rootData}))){
vErrors = vErrors === null ? validate103.errors : vErrors.concat(validate103.errors);
errors = vErrors.length;
}
}
if(data3.port !== undefined){
if(!(validate66(data3.port, {instancePath:instancePath+"/requestRedirect/port",parentData:data3,parentDataProperty:"port",rootData}))){
vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors);
errors = vErrors.length;
}
}
if(data3.path !== undefined){
let data7 = data3.path;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.type === undefined){
data7.type = "ReplaceFullPath";
}
if(data7.replaceFullPath === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/path",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/path/required",keyword:"required",params:{missingProperty: "replaceFullPath"}});
errors++;
}
for(const key2 in data7){
if(!((key2 === "type") || (key2 === "replaceFullPath"))){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/path",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/path/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}});
errors++;
}
}
let data8 = data7.type;
if(!(data8 === "ReplaceFullPath")){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/path/type",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/path/properties/type/enum",keyword:"enum",params:{allowedValues: schema31.properties.requestRedirect.properties.path.properties.type.enum}});
errors++;
}
if(typeof data8 === "string"){
if(func2(data8) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/path/type",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/path/properties/type/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/path/type",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/path/properties/type/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data7.replaceFullPath !== undefined){
if(!(validate84(data7.replaceFullPath, {instancePath:instancePath+"/requestRedirect/path/replaceFullPath",parentData:data7,parentDataProperty:"replaceFullPath",rootData}))){
vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/path",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/path/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
let data10 = data3.statusCode;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/statusCode",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/statusCode/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if(!(((((data10 === 301) || (data10 === 302)) || (data10 === 303)) || (data10 === 307)) || (data10 === 308))){
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect/statusCode",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/properties/statusCode/enum",keyword:"enum",params:{allowedValues: schema31.properties.requestRedirect.properties.statusCode.enum}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/requestRedirect",schemaPath:"host-route.schema.json#/definitions/filter/properties/requestRedirect/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/filter/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate100.errors = vErrors;
return errors === 0;
}


function validate108(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.weight === undefined){
data.weight = 1;
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/weightedReference/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "namespace")) || (key0 === "weight"))){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/weightedReference/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate26(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
if(data.namespace !== undefined){
if(!(validate26(data.namespace, {instancePath:instancePath+"/namespace",parentData:data,parentDataProperty:"namespace",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
let data2 = data.weight;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
(vErrors ??= []).push({instancePath:instancePath+"/weight",schemaPath:"host-route.schema.json#/definitions/weightedReference/properties/weight/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 1000000 || isNaN(data2)){
(vErrors ??= []).push({instancePath:instancePath+"/weight",schemaPath:"host-route.schema.json#/definitions/weightedReference/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}});
errors++;
}
if(data2 < 0 || isNaN(data2)){
(vErrors ??= []).push({instancePath:instancePath+"/weight",schemaPath:"host-route.schema.json#/definitions/weightedReference/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/weightedReference/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate108.errors = vErrors;
return errors === 0;
}


function validate95(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.matches === undefined){
data.matches = [{"path":{"type":"PathPrefix","value":"/"}}];
}
if(data.filters === undefined){
data.filters = [];
}
if(data.backendRefs === undefined){
data.backendRefs = [];
}
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "matches")) || (key0 === "filters")) || (key0 === "backendRefs"))){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/rule/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate26(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
let data1 = data.matches;
if(Array.isArray(data1)){
if(data1.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/matches",schemaPath:"host-route.schema.json#/definitions/rule/properties/matches/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
if(data1.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/matches",schemaPath:"host-route.schema.json#/definitions/rule/properties/matches/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!(validate97(data1[i0], {instancePath:instancePath+"/matches/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate97.errors : vErrors.concat(validate97.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/matches",schemaPath:"host-route.schema.json#/definitions/rule/properties/matches/type",keyword:"type",params:{type: "array"}});
errors++;
}
let data3 = data.filters;
if(Array.isArray(data3)){
if(data3.length > 16){
(vErrors ??= []).push({instancePath:instancePath+"/filters",schemaPath:"host-route.schema.json#/definitions/rule/properties/filters/maxItems",keyword:"maxItems",params:{limit: 16}});
errors++;
}
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
if(!(validate100(data3[i1], {instancePath:instancePath+"/filters/" + i1,parentData:data3,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/filters",schemaPath:"host-route.schema.json#/definitions/rule/properties/filters/type",keyword:"type",params:{type: "array"}});
errors++;
}
let data5 = data.backendRefs;
if(Array.isArray(data5)){
if(data5.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/backendRefs",schemaPath:"host-route.schema.json#/definitions/rule/properties/backendRefs/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
if(!(validate108(data5[i2], {instancePath:instancePath+"/backendRefs/" + i2,parentData:data5,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate108.errors : vErrors.concat(validate108.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/backendRefs",schemaPath:"host-route.schema.json#/definitions/rule/properties/backendRefs/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/definitions/rule/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate95.errors = vErrors;
return errors === 0;
}


function validate89(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("HostRoute" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"host-route.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "HostRoute"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"host-route.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"host-route.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.parentRefs === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"host-route.schema.json#/properties/spec/required",keyword:"required",params:{missingProperty: "parentRefs"}});
errors++;
}
if(data3.rules === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"host-route.schema.json#/properties/spec/required",keyword:"required",params:{missingProperty: "rules"}});
errors++;
}
for(const key1 in data3){
if(!(((key1 === "parentRefs") || (key1 === "hostnames")) || (key1 === "rules"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"host-route.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.parentRefs !== undefined){
let data4 = data3.parentRefs;
if(Array.isArray(data4)){
if(data4.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/spec/parentRefs",schemaPath:"host-route.schema.json#/properties/spec/properties/parentRefs/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
if(data4.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/parentRefs",schemaPath:"host-route.schema.json#/properties/spec/properties/parentRefs/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!(validate60(data4[i0], {instancePath:instancePath+"/spec/parentRefs/" + i0,parentData:data4,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/parentRefs",schemaPath:"host-route.schema.json#/properties/spec/properties/parentRefs/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
if(data3.hostnames !== undefined){
let data6 = data3.hostnames;
if(Array.isArray(data6)){
if(data6.length > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"host-route.schema.json#/properties/spec/properties/hostnames/maxItems",keyword:"maxItems",params:{limit: 1024}});
errors++;
}
if(data6.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"host-route.schema.json#/properties/spec/properties/hostnames/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
if(typeof data7 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames/" + i1,schemaPath:"host-route.schema.json#/properties/spec/properties/hostnames/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate93(data7, {instancePath:instancePath+"/spec/hostnames/" + i1,parentData:data6,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate93.errors : vErrors.concat(validate93.errors);
errors = vErrors.length;
}
}
let i2 = data6.length;
let j0;
if(i2 > 1){
const indices0 = {};
for(;i2--;){
let item0 = data6[i2];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"host-route.schema.json#/properties/spec/properties/hostnames/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0}});
errors++;
break;
}
indices0[item0] = i2;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"host-route.schema.json#/properties/spec/properties/hostnames/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
if(data3.rules !== undefined){
let data8 = data3.rules;
if(Array.isArray(data8)){
if(data8.length > 256){
(vErrors ??= []).push({instancePath:instancePath+"/spec/rules",schemaPath:"host-route.schema.json#/properties/spec/properties/rules/maxItems",keyword:"maxItems",params:{limit: 256}});
errors++;
}
if(data8.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/rules",schemaPath:"host-route.schema.json#/properties/spec/properties/rules/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len2 = data8.length;
for(let i3=0; i3<len2; i3++){
if(!(validate95(data8[i3], {instancePath:instancePath+"/spec/rules/" + i3,parentData:data8,parentDataProperty:i3,rootData}))){
vErrors = vErrors === null ? validate95.errors : vErrors.concat(validate95.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/rules",schemaPath:"host-route.schema.json#/properties/spec/properties/rules/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"host-route.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"host-route.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate89.errors = vErrors;
return errors === 0;
}

const schema34 = {"type":"object","additionalProperties":false,"required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"$ref":"legate#/definitions/0"},"kind":{"type":"string","const":"Backend","maxLength":16},"metadata":{"$ref":"legate#/definitions/14"},"spec":{"type":"object","additionalProperties":false,"required":["source"],"properties":{"defaultsRef":{"$ref":"legate#/definitions/15"},"source":{"type":"object","additionalProperties":false,"properties":{"consul":{"$ref":"legate#/definitions/32"},"static":{"$ref":"legate#/definitions/33"}}},"balance":{"type":"object","additionalProperties":false,"default":{},"properties":{"algorithm":{"type":"string","maxLength":16,"enum":["RoundRobin","StaticRR","LeastConn","First","Random","Source","URI","Header"],"default":"RoundRobin"},"header":{"$ref":"legate#/definitions/12"},"hash":{"type":"string","maxLength":16,"enum":["MapBased","Consistent"],"default":"Consistent"}}},"check":{"$ref":"legate#/definitions/35","default":{}},"timeouts":{"type":"object","additionalProperties":false,"default":{},"properties":{"connect":{"$ref":"legate#/definitions/4"},"server":{"$ref":"legate#/definitions/4"},"queue":{"$ref":"legate#/definitions/4"},"check":{"$ref":"legate#/definitions/4"},"serverFin":{"$ref":"legate#/definitions/4"},"tunnel":{"$ref":"legate#/definitions/4"}}},"retries":{"type":"integer","minimum":0,"maximum":100},"maxconnPerServer":{"type":"integer","minimum":1,"maximum":1000000},"weightFrom":{"type":"string","maxLength":8,"enum":["Consul","Equal"],"default":"Consul"},"healthyWhen":{"type":"string","maxLength":16,"enum":["Passing","PassingOrWarning"],"default":"PassingOrWarning"},"capacity":{"type":"object","additionalProperties":false,"default":{},"properties":{"desired":{"type":"integer","minimum":0,"maximum":100000},"minimum":{"type":"integer","minimum":0,"maximum":100000}}},"onEmpty":{"type":"object","additionalProperties":false,"default":{},"properties":{"policy":{"type":"string","maxLength":32,"enum":["Hold","ServiceUnavailable","Fallback"],"default":"Hold"},"holdFor":{"$ref":"legate#/definitions/4","default":"5m"},"fallbackRef":{"$ref":"legate#/definitions/15"}}},"addresses":{"$ref":"legate#/definitions/19","default":{}}}}}};
const pattern18 = new RegExp("^[A-Za-z0-9_-]{1,64}$", "u");

function validate119(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 64){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/word/maxLength",keyword:"maxLength",params:{limit: 64}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/word/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern18.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/word/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]{1,64}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/word/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate119.errors = vErrors;
return errors === 0;
}


function validate117(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.tags === undefined){
data.tags = [];
}
if(data.service === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/consulSource/required",keyword:"required",params:{missingProperty: "service"}});
errors++;
}
for(const key0 in data){
if(!((((((key0 === "service") || (key0 === "tags")) || (key0 === "datacenter")) || (key0 === "namespace")) || (key0 === "partition")) || (key0 === "filter"))){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/consulSource/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.service !== undefined){
let data0 = data.service;
if(typeof data0 === "string"){
if(func2(data0) > 256){
(vErrors ??= []).push({instancePath:instancePath+"/service",schemaPath:"backend.schema.json#/definitions/consulSource/properties/service/maxLength",keyword:"maxLength",params:{limit: 256}});
errors++;
}
if(func2(data0) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/service",schemaPath:"backend.schema.json#/definitions/consulSource/properties/service/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern6.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/service",schemaPath:"backend.schema.json#/definitions/consulSource/properties/service/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/service",schemaPath:"backend.schema.json#/definitions/consulSource/properties/service/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let data1 = data.tags;
if(Array.isArray(data1)){
if(data1.length > 32){
(vErrors ??= []).push({instancePath:instancePath+"/tags",schemaPath:"backend.schema.json#/definitions/consulSource/properties/tags/maxItems",keyword:"maxItems",params:{limit: 32}});
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(typeof data2 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/tags/" + i0,schemaPath:"backend.schema.json#/definitions/consulSource/properties/tags/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate34(data2, {instancePath:instancePath+"/tags/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
}
let i1 = data1.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data1[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/tags",schemaPath:"backend.schema.json#/definitions/consulSource/properties/tags/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tags",schemaPath:"backend.schema.json#/definitions/consulSource/properties/tags/type",keyword:"type",params:{type: "array"}});
errors++;
}
if(data.datacenter !== undefined){
if(!(validate119(data.datacenter, {instancePath:instancePath+"/datacenter",parentData:data,parentDataProperty:"datacenter",rootData}))){
vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
errors = vErrors.length;
}
}
if(data.namespace !== undefined){
if(!(validate119(data.namespace, {instancePath:instancePath+"/namespace",parentData:data,parentDataProperty:"namespace",rootData}))){
vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
errors = vErrors.length;
}
}
if(data.partition !== undefined){
if(!(validate119(data.partition, {instancePath:instancePath+"/partition",parentData:data,parentDataProperty:"partition",rootData}))){
vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
errors = vErrors.length;
}
}
if(data.filter !== undefined){
let data6 = data.filter;
if(typeof data6 === "string"){
if(func2(data6) > 2048){
(vErrors ??= []).push({instancePath:instancePath+"/filter",schemaPath:"backend.schema.json#/definitions/consulSource/properties/filter/maxLength",keyword:"maxLength",params:{limit: 2048}});
errors++;
}
if(func2(data6) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/filter",schemaPath:"backend.schema.json#/definitions/consulSource/properties/filter/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern6.test(data6)){
(vErrors ??= []).push({instancePath:instancePath+"/filter",schemaPath:"backend.schema.json#/definitions/consulSource/properties/filter/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/filter",schemaPath:"backend.schema.json#/definitions/consulSource/properties/filter/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/consulSource/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate117.errors = vErrors;
return errors === 0;
}

const pattern20 = new RegExp("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})$", "u");

function validate127(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 45){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/ipAddress/maxLength",keyword:"maxLength",params:{limit: 45}});
errors++;
}
if(func2(data) < 2){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/ipAddress/minLength",keyword:"minLength",params:{limit: 2}});
errors++;
}
if(!pattern20.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/ipAddress/pattern",keyword:"pattern",params:{pattern: "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/ipAddress/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate127.errors = vErrors;
return errors === 0;
}


function validate125(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.weight === undefined){
data.weight = 100;
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticServer/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
if(data.address === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticServer/required",keyword:"required",params:{missingProperty: "address"}});
errors++;
}
if(data.port === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticServer/required",keyword:"required",params:{missingProperty: "port"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "address")) || (key0 === "port")) || (key0 === "weight"))){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticServer/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
if(!(validate26(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
if(data.address !== undefined){
if(!(validate127(data.address, {instancePath:instancePath+"/address",parentData:data,parentDataProperty:"address",rootData}))){
vErrors = vErrors === null ? validate127.errors : vErrors.concat(validate127.errors);
errors = vErrors.length;
}
}
if(data.port !== undefined){
if(!(validate66(data.port, {instancePath:instancePath+"/port",parentData:data,parentDataProperty:"port",rootData}))){
vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors);
errors = vErrors.length;
}
}
let data3 = data.weight;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
(vErrors ??= []).push({instancePath:instancePath+"/weight",schemaPath:"backend.schema.json#/definitions/staticServer/properties/weight/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 256 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/weight",schemaPath:"backend.schema.json#/definitions/staticServer/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256}});
errors++;
}
if(data3 < 1 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/weight",schemaPath:"backend.schema.json#/definitions/staticServer/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticServer/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate125.errors = vErrors;
return errors === 0;
}


function validate124(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.servers === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticSource/required",keyword:"required",params:{missingProperty: "servers"}});
errors++;
}
for(const key0 in data){
if(!(key0 === "servers")){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticSource/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.servers !== undefined){
let data0 = data.servers;
if(Array.isArray(data0)){
if(data0.length > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/servers",schemaPath:"backend.schema.json#/definitions/staticSource/properties/servers/maxItems",keyword:"maxItems",params:{limit: 1024}});
errors++;
}
if(data0.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/servers",schemaPath:"backend.schema.json#/definitions/staticSource/properties/servers/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(validate125(data0[i0], {instancePath:instancePath+"/servers/" + i0,parentData:data0,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate125.errors : vErrors.concat(validate125.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/servers",schemaPath:"backend.schema.json#/definitions/staticSource/properties/servers/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/staticSource/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate124.errors = vErrors;
return errors === 0;
}

const schema40 = {"type":"object","additionalProperties":false,"properties":{"type":{"type":"string","maxLength":8,"enum":["None","TCP","HTTP"],"default":"TCP"},"interval":{"$ref":"legate#/definitions/4","default":"2s"},"rise":{"type":"integer","minimum":1,"maximum":100,"default":2},"fall":{"type":"integer","minimum":1,"maximum":100,"default":3},"timeout":{"$ref":"legate#/definitions/4"},"port":{"$ref":"legate#/definitions/5"},"path":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^/[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*$","default":"/"},"method":{"type":"string","maxLength":8,"enum":["GET","HEAD","OPTIONS"],"default":"GET"},"host":{"type":"string","minLength":1,"maxLength":259,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?$"},"expectStatus":{"type":"string","minLength":3,"maxLength":127,"pattern":"^[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?){0,15}$","default":"200-399"}}};
const pattern21 = new RegExp("^/[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*$", "u");
const pattern22 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?$", "u");
const pattern23 = new RegExp("^[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?){0,15}$", "u");

function validate133(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "TCP";
}
if(data.interval === undefined){
data.interval = "2s";
}
if(data.rise === undefined){
data.rise = 2;
}
if(data.fall === undefined){
data.fall = 3;
}
if(data.path === undefined){
data.path = "/";
}
if(data.method === undefined){
data.method = "GET";
}
if(data.expectStatus === undefined){
data.expectStatus = "200-399";
}
for(const key0 in data){
if(!(func28.call(schema40.properties, key0))){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/healthCheck/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.type;
if(!(((data0 === "None") || (data0 === "TCP")) || (data0 === "HTTP"))){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/type/enum",keyword:"enum",params:{allowedValues: schema40.properties.type.enum}});
errors++;
}
if(typeof data0 === "string"){
if(func2(data0) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/type/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/type/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate37(data.interval, {instancePath:instancePath+"/interval",parentData:data,parentDataProperty:"interval",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data2 = data.rise;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
(vErrors ??= []).push({instancePath:instancePath+"/rise",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/rise/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 100 || isNaN(data2)){
(vErrors ??= []).push({instancePath:instancePath+"/rise",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/rise/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data2 < 1 || isNaN(data2)){
(vErrors ??= []).push({instancePath:instancePath+"/rise",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/rise/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
let data3 = data.fall;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
(vErrors ??= []).push({instancePath:instancePath+"/fall",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/fall/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 100 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/fall",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/fall/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data3 < 1 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/fall",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/fall/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
if(data.timeout !== undefined){
if(!(validate37(data.timeout, {instancePath:instancePath+"/timeout",parentData:data,parentDataProperty:"timeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data.port !== undefined){
if(!(validate66(data.port, {instancePath:instancePath+"/port",parentData:data,parentDataProperty:"port",rootData}))){
vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors);
errors = vErrors.length;
}
}
let data6 = data.path;
if(typeof data6 === "string"){
if(func2(data6) > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024}});
errors++;
}
if(func2(data6) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/path/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern21.test(data6)){
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/path/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/path",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/path/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data7 = data.method;
if(!(((data7 === "GET") || (data7 === "HEAD")) || (data7 === "OPTIONS"))){
(vErrors ??= []).push({instancePath:instancePath+"/method",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/method/enum",keyword:"enum",params:{allowedValues: schema40.properties.method.enum}});
errors++;
}
if(typeof data7 === "string"){
if(func2(data7) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/method",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/method/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/method",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/method/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data.host !== undefined){
let data8 = data.host;
if(typeof data8 === "string"){
if(func2(data8) > 259){
(vErrors ??= []).push({instancePath:instancePath+"/host",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/host/maxLength",keyword:"maxLength",params:{limit: 259}});
errors++;
}
if(func2(data8) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/host",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/host/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern22.test(data8)){
(vErrors ??= []).push({instancePath:instancePath+"/host",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/host/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/host",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/host/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let data9 = data.expectStatus;
if(typeof data9 === "string"){
if(func2(data9) > 127){
(vErrors ??= []).push({instancePath:instancePath+"/expectStatus",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/expectStatus/maxLength",keyword:"maxLength",params:{limit: 127}});
errors++;
}
if(func2(data9) < 3){
(vErrors ??= []).push({instancePath:instancePath+"/expectStatus",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/expectStatus/minLength",keyword:"minLength",params:{limit: 3}});
errors++;
}
if(!pattern23.test(data9)){
(vErrors ??= []).push({instancePath:instancePath+"/expectStatus",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/expectStatus/pattern",keyword:"pattern",params:{pattern: "^[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?){0,15}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/expectStatus",schemaPath:"backend.schema.json#/definitions/healthCheck/properties/expectStatus/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/definitions/healthCheck/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate133.errors = vErrors;
return errors === 0;
}

const schema41 = {"type":"object","additionalProperties":false,"properties":{"allowLoopback":{"type":"string","maxLength":8,"enum":["Refuse","Allow"],"default":"Refuse"},"hostnames":{"type":"string","maxLength":6,"enum":["Refuse","Allow"],"default":"Refuse"},"allowedCIDRs":{"type":"array","maxItems":64,"uniqueItems":true,"items":{"$ref":"legate#/definitions/9","type":"string"},"default":[]}}};
const pattern24 = new RegExp("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})/[0-9]{1,3}$", "u");

function validate147(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 49){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/cidr/maxLength",keyword:"maxLength",params:{limit: 49}});
errors++;
}
if(func2(data) < 4){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/cidr/minLength",keyword:"minLength",params:{limit: 4}});
errors++;
}
if(!pattern24.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/cidr/pattern",keyword:"pattern",params:{pattern: "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})/[0-9]{1,3}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/cidr/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate147.errors = vErrors;
return errors === 0;
}


function validate146(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.allowLoopback === undefined){
data.allowLoopback = "Refuse";
}
if(data.hostnames === undefined){
data.hostnames = "Refuse";
}
if(data.allowedCIDRs === undefined){
data.allowedCIDRs = [];
}
for(const key0 in data){
if(!(((key0 === "allowLoopback") || (key0 === "hostnames")) || (key0 === "allowedCIDRs"))){
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/addressPolicy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.allowLoopback;
if(!((data0 === "Refuse") || (data0 === "Allow"))){
(vErrors ??= []).push({instancePath:instancePath+"/allowLoopback",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowLoopback/enum",keyword:"enum",params:{allowedValues: schema41.properties.allowLoopback.enum}});
errors++;
}
if(typeof data0 === "string"){
if(func2(data0) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/allowLoopback",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowLoopback/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/allowLoopback",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowLoopback/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data1 = data.hostnames;
if(!((data1 === "Refuse") || (data1 === "Allow"))){
(vErrors ??= []).push({instancePath:instancePath+"/hostnames",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/hostnames/enum",keyword:"enum",params:{allowedValues: schema41.properties.hostnames.enum}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 6){
(vErrors ??= []).push({instancePath:instancePath+"/hostnames",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/hostnames/maxLength",keyword:"maxLength",params:{limit: 6}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/hostnames",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/hostnames/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data2 = data.allowedCIDRs;
if(Array.isArray(data2)){
if(data2.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/allowedCIDRs",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowedCIDRs/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/allowedCIDRs/" + i0,schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowedCIDRs/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate147(data3, {instancePath:instancePath+"/allowedCIDRs/" + i0,parentData:data2,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate147.errors : vErrors.concat(validate147.errors);
errors = vErrors.length;
}
}
let i1 = data2.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data2[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/allowedCIDRs",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowedCIDRs/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/allowedCIDRs",schemaPath:"common.schema.json#/definitions/addressPolicy/properties/allowedCIDRs/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"common.schema.json#/definitions/addressPolicy/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate146.errors = vErrors;
return errors === 0;
}


function validate113(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Backend" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"backend.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Backend"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"backend.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"backend.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.balance === undefined){
data3.balance = {};
}
if(data3.check === undefined){
data3.check = {};
}
if(data3.timeouts === undefined){
data3.timeouts = {};
}
if(data3.weightFrom === undefined){
data3.weightFrom = "Consul";
}
if(data3.healthyWhen === undefined){
data3.healthyWhen = "PassingOrWarning";
}
if(data3.capacity === undefined){
data3.capacity = {};
}
if(data3.onEmpty === undefined){
data3.onEmpty = {};
}
if(data3.addresses === undefined){
data3.addresses = {};
}
if(data3.source === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"backend.schema.json#/properties/spec/required",keyword:"required",params:{missingProperty: "source"}});
errors++;
}
for(const key1 in data3){
if(!(func28.call(schema34.properties.spec.properties, key1))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"backend.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.defaultsRef !== undefined){
if(!(validate60(data3.defaultsRef, {instancePath:instancePath+"/spec/defaultsRef",parentData:data3,parentDataProperty:"defaultsRef",rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data3.source !== undefined){
let data5 = data3.source;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key2 in data5){
if(!((key2 === "consul") || (key2 === "static"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/source",schemaPath:"backend.schema.json#/properties/spec/properties/source/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}});
errors++;
}
}
if(data5.consul !== undefined){
if(!(validate117(data5.consul, {instancePath:instancePath+"/spec/source/consul",parentData:data5,parentDataProperty:"consul",rootData}))){
vErrors = vErrors === null ? validate117.errors : vErrors.concat(validate117.errors);
errors = vErrors.length;
}
}
if(data5.static !== undefined){
if(!(validate124(data5.static, {instancePath:instancePath+"/spec/source/static",parentData:data5,parentDataProperty:"static",rootData}))){
vErrors = vErrors === null ? validate124.errors : vErrors.concat(validate124.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/source",schemaPath:"backend.schema.json#/properties/spec/properties/source/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
let data8 = data3.balance;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.algorithm === undefined){
data8.algorithm = "RoundRobin";
}
if(data8.hash === undefined){
data8.hash = "Consistent";
}
for(const key3 in data8){
if(!(((key3 === "algorithm") || (key3 === "header")) || (key3 === "hash"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance",schemaPath:"backend.schema.json#/properties/spec/properties/balance/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}});
errors++;
}
}
let data9 = data8.algorithm;
if(!((((((((data9 === "RoundRobin") || (data9 === "StaticRR")) || (data9 === "LeastConn")) || (data9 === "First")) || (data9 === "Random")) || (data9 === "Source")) || (data9 === "URI")) || (data9 === "Header"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance/algorithm",schemaPath:"backend.schema.json#/properties/spec/properties/balance/properties/algorithm/enum",keyword:"enum",params:{allowedValues: schema34.properties.spec.properties.balance.properties.algorithm.enum}});
errors++;
}
if(typeof data9 === "string"){
if(func2(data9) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance/algorithm",schemaPath:"backend.schema.json#/properties/spec/properties/balance/properties/algorithm/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance/algorithm",schemaPath:"backend.schema.json#/properties/spec/properties/balance/properties/algorithm/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data8.header !== undefined){
if(!(validate75(data8.header, {instancePath:instancePath+"/spec/balance/header",parentData:data8,parentDataProperty:"header",rootData}))){
vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors);
errors = vErrors.length;
}
}
let data11 = data8.hash;
if(!((data11 === "MapBased") || (data11 === "Consistent"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance/hash",schemaPath:"backend.schema.json#/properties/spec/properties/balance/properties/hash/enum",keyword:"enum",params:{allowedValues: schema34.properties.spec.properties.balance.properties.hash.enum}});
errors++;
}
if(typeof data11 === "string"){
if(func2(data11) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance/hash",schemaPath:"backend.schema.json#/properties/spec/properties/balance/properties/hash/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance/hash",schemaPath:"backend.schema.json#/properties/spec/properties/balance/properties/hash/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/balance",schemaPath:"backend.schema.json#/properties/spec/properties/balance/type",keyword:"type",params:{type: "object"}});
errors++;
}
if(!(validate133(data3.check, {instancePath:instancePath+"/spec/check",parentData:data3,parentDataProperty:"check",rootData}))){
vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
errors = vErrors.length;
}
let data13 = data3.timeouts;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
for(const key4 in data13){
if(!((((((key4 === "connect") || (key4 === "server")) || (key4 === "queue")) || (key4 === "check")) || (key4 === "serverFin")) || (key4 === "tunnel"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/timeouts",schemaPath:"backend.schema.json#/properties/spec/properties/timeouts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}});
errors++;
}
}
if(data13.connect !== undefined){
if(!(validate37(data13.connect, {instancePath:instancePath+"/spec/timeouts/connect",parentData:data13,parentDataProperty:"connect",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data13.server !== undefined){
if(!(validate37(data13.server, {instancePath:instancePath+"/spec/timeouts/server",parentData:data13,parentDataProperty:"server",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data13.queue !== undefined){
if(!(validate37(data13.queue, {instancePath:instancePath+"/spec/timeouts/queue",parentData:data13,parentDataProperty:"queue",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data13.check !== undefined){
if(!(validate37(data13.check, {instancePath:instancePath+"/spec/timeouts/check",parentData:data13,parentDataProperty:"check",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data13.serverFin !== undefined){
if(!(validate37(data13.serverFin, {instancePath:instancePath+"/spec/timeouts/serverFin",parentData:data13,parentDataProperty:"serverFin",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data13.tunnel !== undefined){
if(!(validate37(data13.tunnel, {instancePath:instancePath+"/spec/timeouts/tunnel",parentData:data13,parentDataProperty:"tunnel",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/timeouts",schemaPath:"backend.schema.json#/properties/spec/properties/timeouts/type",keyword:"type",params:{type: "object"}});
errors++;
}
if(data3.retries !== undefined){
let data20 = data3.retries;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/retries",schemaPath:"backend.schema.json#/properties/spec/properties/retries/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 100 || isNaN(data20)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/retries",schemaPath:"backend.schema.json#/properties/spec/properties/retries/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data20 < 0 || isNaN(data20)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/retries",schemaPath:"backend.schema.json#/properties/spec/properties/retries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
}
if(data3.maxconnPerServer !== undefined){
let data21 = data3.maxconnPerServer;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconnPerServer",schemaPath:"backend.schema.json#/properties/spec/properties/maxconnPerServer/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 > 1000000 || isNaN(data21)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconnPerServer",schemaPath:"backend.schema.json#/properties/spec/properties/maxconnPerServer/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}});
errors++;
}
if(data21 < 1 || isNaN(data21)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/maxconnPerServer",schemaPath:"backend.schema.json#/properties/spec/properties/maxconnPerServer/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
let data22 = data3.weightFrom;
if(!((data22 === "Consul") || (data22 === "Equal"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/weightFrom",schemaPath:"backend.schema.json#/properties/spec/properties/weightFrom/enum",keyword:"enum",params:{allowedValues: schema34.properties.spec.properties.weightFrom.enum}});
errors++;
}
if(typeof data22 === "string"){
if(func2(data22) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/spec/weightFrom",schemaPath:"backend.schema.json#/properties/spec/properties/weightFrom/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/weightFrom",schemaPath:"backend.schema.json#/properties/spec/properties/weightFrom/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data23 = data3.healthyWhen;
if(!((data23 === "Passing") || (data23 === "PassingOrWarning"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/healthyWhen",schemaPath:"backend.schema.json#/properties/spec/properties/healthyWhen/enum",keyword:"enum",params:{allowedValues: schema34.properties.spec.properties.healthyWhen.enum}});
errors++;
}
if(typeof data23 === "string"){
if(func2(data23) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/healthyWhen",schemaPath:"backend.schema.json#/properties/spec/properties/healthyWhen/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/healthyWhen",schemaPath:"backend.schema.json#/properties/spec/properties/healthyWhen/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data24 = data3.capacity;
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
for(const key5 in data24){
if(!((key5 === "desired") || (key5 === "minimum"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}});
errors++;
}
}
if(data24.desired !== undefined){
let data25 = data24.desired;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity/desired",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/properties/desired/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 100000 || isNaN(data25)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity/desired",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/properties/desired/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100000}});
errors++;
}
if(data25 < 0 || isNaN(data25)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity/desired",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/properties/desired/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
}
if(data24.minimum !== undefined){
let data26 = data24.minimum;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity/minimum",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/properties/minimum/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 > 100000 || isNaN(data26)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity/minimum",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/properties/minimum/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100000}});
errors++;
}
if(data26 < 0 || isNaN(data26)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity/minimum",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/properties/minimum/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/capacity",schemaPath:"backend.schema.json#/properties/spec/properties/capacity/type",keyword:"type",params:{type: "object"}});
errors++;
}
let data27 = data3.onEmpty;
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
if(data27.policy === undefined){
data27.policy = "Hold";
}
if(data27.holdFor === undefined){
data27.holdFor = "5m";
}
for(const key6 in data27){
if(!(((key6 === "policy") || (key6 === "holdFor")) || (key6 === "fallbackRef"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/onEmpty",schemaPath:"backend.schema.json#/properties/spec/properties/onEmpty/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}});
errors++;
}
}
let data28 = data27.policy;
if(!(((data28 === "Hold") || (data28 === "ServiceUnavailable")) || (data28 === "Fallback"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec/onEmpty/policy",schemaPath:"backend.schema.json#/properties/spec/properties/onEmpty/properties/policy/enum",keyword:"enum",params:{allowedValues: schema34.properties.spec.properties.onEmpty.properties.policy.enum}});
errors++;
}
if(typeof data28 === "string"){
if(func2(data28) > 32){
(vErrors ??= []).push({instancePath:instancePath+"/spec/onEmpty/policy",schemaPath:"backend.schema.json#/properties/spec/properties/onEmpty/properties/policy/maxLength",keyword:"maxLength",params:{limit: 32}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/onEmpty/policy",schemaPath:"backend.schema.json#/properties/spec/properties/onEmpty/properties/policy/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate37(data27.holdFor, {instancePath:instancePath+"/spec/onEmpty/holdFor",parentData:data27,parentDataProperty:"holdFor",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(data27.fallbackRef !== undefined){
if(!(validate60(data27.fallbackRef, {instancePath:instancePath+"/spec/onEmpty/fallbackRef",parentData:data27,parentDataProperty:"fallbackRef",rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/onEmpty",schemaPath:"backend.schema.json#/properties/spec/properties/onEmpty/type",keyword:"type",params:{type: "object"}});
errors++;
}
if(!(validate146(data3.addresses, {instancePath:instancePath+"/spec/addresses",parentData:data3,parentDataProperty:"addresses",rootData}))){
vErrors = vErrors === null ? validate146.errors : vErrors.concat(validate146.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"backend.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"backend.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate113.errors = vErrors;
return errors === 0;
}


function validate150(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"certificate.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"certificate.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"certificate.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"certificate.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"certificate.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Certificate" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"certificate.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Certificate"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"certificate.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"certificate.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.hostnames === undefined){
data3.hostnames = [];
}
for(const key1 in data3){
if(!(((key1 === "file") || (key1 === "crtList")) || (key1 === "hostnames"))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"certificate.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.file !== undefined){
if(!(validate54(data3.file, {instancePath:instancePath+"/spec/file",parentData:data3,parentDataProperty:"file",rootData}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
if(data3.crtList !== undefined){
if(!(validate54(data3.crtList, {instancePath:instancePath+"/spec/crtList",parentData:data3,parentDataProperty:"crtList",rootData}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
let data6 = data3.hostnames;
if(Array.isArray(data6)){
if(data6.length > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"certificate.schema.json#/properties/spec/properties/hostnames/maxItems",keyword:"maxItems",params:{limit: 1024}});
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames/" + i0,schemaPath:"certificate.schema.json#/properties/spec/properties/hostnames/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate93(data7, {instancePath:instancePath+"/spec/hostnames/" + i0,parentData:data6,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate93.errors : vErrors.concat(validate93.errors);
errors = vErrors.length;
}
}
let i1 = data6.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data6[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"certificate.schema.json#/properties/spec/properties/hostnames/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/hostnames",schemaPath:"certificate.schema.json#/properties/spec/properties/hostnames/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"certificate.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"certificate.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate150.errors = vErrors;
return errors === 0;
}

const pattern25 = new RegExp("^[A-Za-z0-9_.@-]{1,64}$", "u");

function validate159(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.groups === undefined){
data.groups = [];
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/definitions/user/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
if(data.passwordFrom === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/definitions/user/required",keyword:"required",params:{missingProperty: "passwordFrom"}});
errors++;
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "passwordFrom")) || (key0 === "groups"))){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/definitions/user/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func2(data0) > 64){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"userlist.schema.json#/definitions/user/properties/name/maxLength",keyword:"maxLength",params:{limit: 64}});
errors++;
}
if(func2(data0) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"userlist.schema.json#/definitions/user/properties/name/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern25.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"userlist.schema.json#/definitions/user/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.@-]{1,64}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"userlist.schema.json#/definitions/user/properties/name/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.passwordFrom !== undefined){
let data1 = data.passwordFrom;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.file === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/passwordFrom",schemaPath:"userlist.schema.json#/definitions/user/properties/passwordFrom/required",keyword:"required",params:{missingProperty: "file"}});
errors++;
}
for(const key1 in data1){
if(!(key1 === "file")){
(vErrors ??= []).push({instancePath:instancePath+"/passwordFrom",schemaPath:"userlist.schema.json#/definitions/user/properties/passwordFrom/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data1.file !== undefined){
if(!(validate54(data1.file, {instancePath:instancePath+"/passwordFrom/file",parentData:data1,parentDataProperty:"file",rootData}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/passwordFrom",schemaPath:"userlist.schema.json#/definitions/user/properties/passwordFrom/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
let data3 = data.groups;
if(Array.isArray(data3)){
if(data3.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/groups",schemaPath:"userlist.schema.json#/definitions/user/properties/groups/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 === "string"){
if(func2(data4) > 64){
(vErrors ??= []).push({instancePath:instancePath+"/groups/" + i0,schemaPath:"userlist.schema.json#/definitions/user/properties/groups/items/maxLength",keyword:"maxLength",params:{limit: 64}});
errors++;
}
if(func2(data4) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/groups/" + i0,schemaPath:"userlist.schema.json#/definitions/user/properties/groups/items/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern25.test(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/groups/" + i0,schemaPath:"userlist.schema.json#/definitions/user/properties/groups/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.@-]{1,64}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/groups/" + i0,schemaPath:"userlist.schema.json#/definitions/user/properties/groups/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let i1 = data3.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data3[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/groups",schemaPath:"userlist.schema.json#/definitions/user/properties/groups/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/groups",schemaPath:"userlist.schema.json#/definitions/user/properties/groups/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/definitions/user/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate159.errors = vErrors;
return errors === 0;
}


function validate156(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.metadata === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/required",keyword:"required",params:{missingProperty: "metadata"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Userlist" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"userlist.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Userlist"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"userlist.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"userlist.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.metadata !== undefined){
if(!(validate25(data.metadata, {instancePath:instancePath+"/metadata",parentData:data,parentDataProperty:"metadata",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.users === undefined){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"userlist.schema.json#/properties/spec/required",keyword:"required",params:{missingProperty: "users"}});
errors++;
}
for(const key1 in data3){
if(!(key1 === "users")){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"userlist.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data3.users !== undefined){
let data4 = data3.users;
if(Array.isArray(data4)){
if(data4.length > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/spec/users",schemaPath:"userlist.schema.json#/properties/spec/properties/users/maxItems",keyword:"maxItems",params:{limit: 1024}});
errors++;
}
if(data4.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/users",schemaPath:"userlist.schema.json#/properties/spec/properties/users/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!(validate159(data4[i0], {instancePath:instancePath+"/spec/users/" + i0,parentData:data4,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate159.errors : vErrors.concat(validate159.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/users",schemaPath:"userlist.schema.json#/properties/spec/properties/users/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"userlist.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"userlist.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate156.errors = vErrors;
return errors === 0;
}

const schema46 = {"type":"object","additionalProperties":false,"required":["apiVersion","kind","spec"],"properties":{"apiVersion":{"$ref":"legate#/definitions/0"},"kind":{"type":"string","const":"Settings","maxLength":16},"spec":{"type":"object","additionalProperties":false,"properties":{"manifests":{"type":"array","minItems":1,"maxItems":64,"uniqueItems":true,"items":{"$ref":"legate#/definitions/40","type":"string"},"default":["manifests"]},"templates":{"$ref":"legate#/definitions/40"},"filesRoot":{"$ref":"legate#/definitions/40","default":"/etc/legate"},"stateDir":{"$ref":"legate#/definitions/40","default":"/var/lib/legate"},"catalog":{"type":"string","minLength":6,"maxLength":4096,"pattern":"^(consul|consul://[!-~]+|file:[^\\u0000-\\u001f\\u007f-\\u009f]+)$","default":"consul"},"consul":{"$ref":"legate#/definitions/42","default":{}},"haproxy":{"$ref":"legate#/definitions/43","default":{}},"lockWait":{"$ref":"legate#/definitions/4","default":"0s"},"listen":{"type":"string","minLength":3,"maxLength":64,"pattern":"^([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}\\]):[0-9]{1,5}$|^off$","default":"127.0.0.1:9478"},"allowedHosts":{"type":"array","maxItems":16,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){0,62}$"},"default":[]},"loop":{"$ref":"legate#/definitions/44","default":{}},"guards":{"$ref":"legate#/definitions/48","default":{}},"drift":{"$ref":"legate#/definitions/45","default":{}},"notifications":{"type":"array","maxItems":16,"items":{"$ref":"legate#/definitions/46"},"default":[]},"notify":{"$ref":"legate#/definitions/47","default":{}}}}}};

function validate164(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(func2(data) > 4096){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 4096}});
errors++;
}
if(func2(data) < 1){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/path/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern6.test(data)){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/path/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/path/type",keyword:"type",params:{type: "string"}});
errors++;
}
validate164.errors = vErrors;
return errors === 0;
}

const schema48 = {"type":"object","additionalProperties":false,"properties":{"address":{"type":"string","minLength":8,"maxLength":1024,"pattern":"^(https?|unix)://[!-~]+$","default":"http://127.0.0.1:8500"},"token":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[!-~]+$"},"tokenFile":{"$ref":"legate#/definitions/40"},"datacenter":{"$ref":"legate#/definitions/3"},"namespace":{"$ref":"legate#/definitions/3"},"partition":{"$ref":"legate#/definitions/3"},"tls":{"type":"object","additionalProperties":false,"default":{},"properties":{"caFile":{"$ref":"legate#/definitions/40"},"certFile":{"$ref":"legate#/definitions/40"},"keyFile":{"$ref":"legate#/definitions/40"},"serverName":{"$ref":"legate#/definitions/10"},"verify":{"type":"string","maxLength":16,"enum":["Required","None"],"default":"Required"}}},"timeout":{"$ref":"legate#/definitions/4","default":"10s"},"maxConnections":{"type":"integer","minimum":1,"maximum":500,"default":150},"maxAnswerBytes":{"type":"integer","minimum":1024,"maximum":1073741824,"default":67108864},"wait":{"$ref":"legate#/definitions/4"},"registerAs":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"},"registerTtl":{"$ref":"legate#/definitions/4","default":"30s"}}};
const pattern29 = new RegExp("^(https?|unix)://[!-~]+$", "u");
const pattern30 = new RegExp("^[!-~]+$", "u");

function validate169(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.address === undefined){
data.address = "http://127.0.0.1:8500";
}
if(data.tls === undefined){
data.tls = {};
}
if(data.timeout === undefined){
data.timeout = "10s";
}
if(data.maxConnections === undefined){
data.maxConnections = 150;
}
if(data.maxAnswerBytes === undefined){
data.maxAnswerBytes = 67108864;
}
if(data.registerTtl === undefined){
data.registerTtl = "30s";
}
for(const key0 in data){
if(!(func28.call(schema48.properties, key0))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/consul/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.address;
if(typeof data0 === "string"){
if(func2(data0) > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"settings.schema.json#/definitions/consul/properties/address/maxLength",keyword:"maxLength",params:{limit: 1024}});
errors++;
}
if(func2(data0) < 8){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"settings.schema.json#/definitions/consul/properties/address/minLength",keyword:"minLength",params:{limit: 8}});
errors++;
}
if(!pattern29.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"settings.schema.json#/definitions/consul/properties/address/pattern",keyword:"pattern",params:{pattern: "^(https?|unix)://[!-~]+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/address",schemaPath:"settings.schema.json#/definitions/consul/properties/address/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data.token !== undefined){
let data1 = data.token;
if(typeof data1 === "string"){
if(func2(data1) > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/token",schemaPath:"settings.schema.json#/definitions/consul/properties/token/maxLength",keyword:"maxLength",params:{limit: 1024}});
errors++;
}
if(func2(data1) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/token",schemaPath:"settings.schema.json#/definitions/consul/properties/token/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern30.test(data1)){
(vErrors ??= []).push({instancePath:instancePath+"/token",schemaPath:"settings.schema.json#/definitions/consul/properties/token/pattern",keyword:"pattern",params:{pattern: "^[!-~]+$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/token",schemaPath:"settings.schema.json#/definitions/consul/properties/token/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.tokenFile !== undefined){
if(!(validate164(data.tokenFile, {instancePath:instancePath+"/tokenFile",parentData:data,parentDataProperty:"tokenFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(data.datacenter !== undefined){
if(!(validate119(data.datacenter, {instancePath:instancePath+"/datacenter",parentData:data,parentDataProperty:"datacenter",rootData}))){
vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
errors = vErrors.length;
}
}
if(data.namespace !== undefined){
if(!(validate119(data.namespace, {instancePath:instancePath+"/namespace",parentData:data,parentDataProperty:"namespace",rootData}))){
vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
errors = vErrors.length;
}
}
if(data.partition !== undefined){
if(!(validate119(data.partition, {instancePath:instancePath+"/partition",parentData:data,parentDataProperty:"partition",rootData}))){
vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
errors = vErrors.length;
}
}
let data6 = data.tls;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.verify === undefined){
data6.verify = "Required";
}
for(const key1 in data6){
if(!(((((key1 === "caFile") || (key1 === "certFile")) || (key1 === "keyFile")) || (key1 === "serverName")) || (key1 === "verify"))){
(vErrors ??= []).push({instancePath:instancePath+"/tls",schemaPath:"settings.schema.json#/definitions/consul/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
if(data6.caFile !== undefined){
if(!(validate164(data6.caFile, {instancePath:instancePath+"/tls/caFile",parentData:data6,parentDataProperty:"caFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(data6.certFile !== undefined){
if(!(validate164(data6.certFile, {instancePath:instancePath+"/tls/certFile",parentData:data6,parentDataProperty:"certFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(data6.keyFile !== undefined){
if(!(validate164(data6.keyFile, {instancePath:instancePath+"/tls/keyFile",parentData:data6,parentDataProperty:"keyFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(data6.serverName !== undefined){
if(!(validate103(data6.serverName, {instancePath:instancePath+"/tls/serverName",parentData:data6,parentDataProperty:"serverName",rootData}))){
vErrors = vErrors === null ? validate103.errors : vErrors.concat(validate103.errors);
errors = vErrors.length;
}
}
let data11 = data6.verify;
if(!((data11 === "Required") || (data11 === "None"))){
(vErrors ??= []).push({instancePath:instancePath+"/tls/verify",schemaPath:"settings.schema.json#/definitions/consul/properties/tls/properties/verify/enum",keyword:"enum",params:{allowedValues: schema48.properties.tls.properties.verify.enum}});
errors++;
}
if(typeof data11 === "string"){
if(func2(data11) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/tls/verify",schemaPath:"settings.schema.json#/definitions/consul/properties/tls/properties/verify/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tls/verify",schemaPath:"settings.schema.json#/definitions/consul/properties/tls/properties/verify/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/tls",schemaPath:"settings.schema.json#/definitions/consul/properties/tls/type",keyword:"type",params:{type: "object"}});
errors++;
}
if(!(validate37(data.timeout, {instancePath:instancePath+"/timeout",parentData:data,parentDataProperty:"timeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data13 = data.maxConnections;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
(vErrors ??= []).push({instancePath:instancePath+"/maxConnections",schemaPath:"settings.schema.json#/definitions/consul/properties/maxConnections/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 500 || isNaN(data13)){
(vErrors ??= []).push({instancePath:instancePath+"/maxConnections",schemaPath:"settings.schema.json#/definitions/consul/properties/maxConnections/maximum",keyword:"maximum",params:{comparison: "<=", limit: 500}});
errors++;
}
if(data13 < 1 || isNaN(data13)){
(vErrors ??= []).push({instancePath:instancePath+"/maxConnections",schemaPath:"settings.schema.json#/definitions/consul/properties/maxConnections/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
let data14 = data.maxAnswerBytes;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
(vErrors ??= []).push({instancePath:instancePath+"/maxAnswerBytes",schemaPath:"settings.schema.json#/definitions/consul/properties/maxAnswerBytes/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 1073741824 || isNaN(data14)){
(vErrors ??= []).push({instancePath:instancePath+"/maxAnswerBytes",schemaPath:"settings.schema.json#/definitions/consul/properties/maxAnswerBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1073741824}});
errors++;
}
if(data14 < 1024 || isNaN(data14)){
(vErrors ??= []).push({instancePath:instancePath+"/maxAnswerBytes",schemaPath:"settings.schema.json#/definitions/consul/properties/maxAnswerBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1024}});
errors++;
}
}
if(data.wait !== undefined){
if(!(validate37(data.wait, {instancePath:instancePath+"/wait",parentData:data,parentDataProperty:"wait",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
if(data.registerAs !== undefined){
let data16 = data.registerAs;
if(typeof data16 === "string"){
if(func2(data16) > 63){
(vErrors ??= []).push({instancePath:instancePath+"/registerAs",schemaPath:"settings.schema.json#/definitions/consul/properties/registerAs/maxLength",keyword:"maxLength",params:{limit: 63}});
errors++;
}
if(func2(data16) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/registerAs",schemaPath:"settings.schema.json#/definitions/consul/properties/registerAs/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern0.test(data16)){
(vErrors ??= []).push({instancePath:instancePath+"/registerAs",schemaPath:"settings.schema.json#/definitions/consul/properties/registerAs/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/registerAs",schemaPath:"settings.schema.json#/definitions/consul/properties/registerAs/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(!(validate37(data.registerTtl, {instancePath:instancePath+"/registerTtl",parentData:data,parentDataProperty:"registerTtl",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/consul/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate169.errors = vErrors;
return errors === 0;
}

const schema49 = {"type":"object","additionalProperties":false,"properties":{"hold":{"type":"string","maxLength":16,"enum":["master-socket","supervise","command","none"],"default":"master-socket"},"binary":{"$ref":"legate#/definitions/40"},"configFile":{"$ref":"legate#/definitions/40","default":"/etc/haproxy/haproxy.cfg"},"mapsDir":{"$ref":"legate#/definitions/40"},"configMode":{"type":"string","minLength":3,"maxLength":4,"pattern":"^0?[0-7]{3}$","default":"0640"},"masterSocket":{"$ref":"legate#/definitions/40","default":"/run/haproxy-master.sock"},"statsSocket":{"$ref":"legate#/definitions/40","default":"/run/haproxy/legate.sock"},"reloadCommand":{"$ref":"legate#/definitions/41","default":[]},"startCommand":{"$ref":"legate#/definitions/41","default":[]},"settle":{"$ref":"legate#/definitions/4","default":"2s"},"drain":{"$ref":"legate#/definitions/4","default":"60s"},"checkTimeout":{"$ref":"legate#/definitions/4","default":"30s"},"reloadTimeout":{"$ref":"legate#/definitions/4","default":"60s"},"socketTimeout":{"$ref":"legate#/definitions/4","default":"5s"},"stopTimeout":{"$ref":"legate#/definitions/4","default":"10s"},"preflight":{"type":"string","maxLength":8,"enum":["On","Off"],"default":"On"},"trial":{"type":"string","maxLength":8,"enum":["On","Off"],"default":"On"},"warnings":{"type":"string","maxLength":8,"enum":["Report","Reject"],"default":"Report"},"checkUser":{"type":"string","maxLength":8,"enum":["Drop","Keep"],"default":"Drop"}}};

function validate188(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 64){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/argv/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(typeof data0 === "string"){
if(func2(data0) > 4096){
(vErrors ??= []).push({instancePath:instancePath+"/" + i0,schemaPath:"settings.schema.json#/definitions/argv/items/maxLength",keyword:"maxLength",params:{limit: 4096}});
errors++;
}
if(!pattern2.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/" + i0,schemaPath:"settings.schema.json#/definitions/argv/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/" + i0,schemaPath:"settings.schema.json#/definitions/argv/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/argv/type",keyword:"type",params:{type: "array"}});
errors++;
}
validate188.errors = vErrors;
return errors === 0;
}

const pattern32 = new RegExp("^0?[0-7]{3}$", "u");

function validate182(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.hold === undefined){
data.hold = "master-socket";
}
if(data.configFile === undefined){
data.configFile = "/etc/haproxy/haproxy.cfg";
}
if(data.configMode === undefined){
data.configMode = "0640";
}
if(data.masterSocket === undefined){
data.masterSocket = "/run/haproxy-master.sock";
}
if(data.statsSocket === undefined){
data.statsSocket = "/run/haproxy/legate.sock";
}
if(data.reloadCommand === undefined){
data.reloadCommand = [];
}
if(data.startCommand === undefined){
data.startCommand = [];
}
if(data.settle === undefined){
data.settle = "2s";
}
if(data.drain === undefined){
data.drain = "60s";
}
if(data.checkTimeout === undefined){
data.checkTimeout = "30s";
}
if(data.reloadTimeout === undefined){
data.reloadTimeout = "60s";
}
if(data.socketTimeout === undefined){
data.socketTimeout = "5s";
}
if(data.stopTimeout === undefined){
data.stopTimeout = "10s";
}
if(data.preflight === undefined){
data.preflight = "On";
}
if(data.trial === undefined){
data.trial = "On";
}
if(data.warnings === undefined){
data.warnings = "Report";
}
if(data.checkUser === undefined){
data.checkUser = "Drop";
}
for(const key0 in data){
if(!(func28.call(schema49.properties, key0))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/haproxy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.hold;
if(!((((data0 === "master-socket") || (data0 === "supervise")) || (data0 === "command")) || (data0 === "none"))){
(vErrors ??= []).push({instancePath:instancePath+"/hold",schemaPath:"settings.schema.json#/definitions/haproxy/properties/hold/enum",keyword:"enum",params:{allowedValues: schema49.properties.hold.enum}});
errors++;
}
if(typeof data0 === "string"){
if(func2(data0) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/hold",schemaPath:"settings.schema.json#/definitions/haproxy/properties/hold/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/hold",schemaPath:"settings.schema.json#/definitions/haproxy/properties/hold/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(data.binary !== undefined){
if(!(validate164(data.binary, {instancePath:instancePath+"/binary",parentData:data,parentDataProperty:"binary",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(!(validate164(data.configFile, {instancePath:instancePath+"/configFile",parentData:data,parentDataProperty:"configFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
if(data.mapsDir !== undefined){
if(!(validate164(data.mapsDir, {instancePath:instancePath+"/mapsDir",parentData:data,parentDataProperty:"mapsDir",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
let data4 = data.configMode;
if(typeof data4 === "string"){
if(func2(data4) > 4){
(vErrors ??= []).push({instancePath:instancePath+"/configMode",schemaPath:"settings.schema.json#/definitions/haproxy/properties/configMode/maxLength",keyword:"maxLength",params:{limit: 4}});
errors++;
}
if(func2(data4) < 3){
(vErrors ??= []).push({instancePath:instancePath+"/configMode",schemaPath:"settings.schema.json#/definitions/haproxy/properties/configMode/minLength",keyword:"minLength",params:{limit: 3}});
errors++;
}
if(!pattern32.test(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/configMode",schemaPath:"settings.schema.json#/definitions/haproxy/properties/configMode/pattern",keyword:"pattern",params:{pattern: "^0?[0-7]{3}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/configMode",schemaPath:"settings.schema.json#/definitions/haproxy/properties/configMode/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate164(data.masterSocket, {instancePath:instancePath+"/masterSocket",parentData:data,parentDataProperty:"masterSocket",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
if(!(validate164(data.statsSocket, {instancePath:instancePath+"/statsSocket",parentData:data,parentDataProperty:"statsSocket",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
if(!(validate188(data.reloadCommand, {instancePath:instancePath+"/reloadCommand",parentData:data,parentDataProperty:"reloadCommand",rootData}))){
vErrors = vErrors === null ? validate188.errors : vErrors.concat(validate188.errors);
errors = vErrors.length;
}
if(!(validate188(data.startCommand, {instancePath:instancePath+"/startCommand",parentData:data,parentDataProperty:"startCommand",rootData}))){
vErrors = vErrors === null ? validate188.errors : vErrors.concat(validate188.errors);
errors = vErrors.length;
}
if(!(validate37(data.settle, {instancePath:instancePath+"/settle",parentData:data,parentDataProperty:"settle",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.drain, {instancePath:instancePath+"/drain",parentData:data,parentDataProperty:"drain",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.checkTimeout, {instancePath:instancePath+"/checkTimeout",parentData:data,parentDataProperty:"checkTimeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.reloadTimeout, {instancePath:instancePath+"/reloadTimeout",parentData:data,parentDataProperty:"reloadTimeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.socketTimeout, {instancePath:instancePath+"/socketTimeout",parentData:data,parentDataProperty:"socketTimeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.stopTimeout, {instancePath:instancePath+"/stopTimeout",parentData:data,parentDataProperty:"stopTimeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data15 = data.preflight;
if(!((data15 === "On") || (data15 === "Off"))){
(vErrors ??= []).push({instancePath:instancePath+"/preflight",schemaPath:"settings.schema.json#/definitions/haproxy/properties/preflight/enum",keyword:"enum",params:{allowedValues: schema49.properties.preflight.enum}});
errors++;
}
if(typeof data15 === "string"){
if(func2(data15) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/preflight",schemaPath:"settings.schema.json#/definitions/haproxy/properties/preflight/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/preflight",schemaPath:"settings.schema.json#/definitions/haproxy/properties/preflight/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data16 = data.trial;
if(!((data16 === "On") || (data16 === "Off"))){
(vErrors ??= []).push({instancePath:instancePath+"/trial",schemaPath:"settings.schema.json#/definitions/haproxy/properties/trial/enum",keyword:"enum",params:{allowedValues: schema49.properties.trial.enum}});
errors++;
}
if(typeof data16 === "string"){
if(func2(data16) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/trial",schemaPath:"settings.schema.json#/definitions/haproxy/properties/trial/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/trial",schemaPath:"settings.schema.json#/definitions/haproxy/properties/trial/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data17 = data.warnings;
if(!((data17 === "Report") || (data17 === "Reject"))){
(vErrors ??= []).push({instancePath:instancePath+"/warnings",schemaPath:"settings.schema.json#/definitions/haproxy/properties/warnings/enum",keyword:"enum",params:{allowedValues: schema49.properties.warnings.enum}});
errors++;
}
if(typeof data17 === "string"){
if(func2(data17) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/warnings",schemaPath:"settings.schema.json#/definitions/haproxy/properties/warnings/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/warnings",schemaPath:"settings.schema.json#/definitions/haproxy/properties/warnings/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data18 = data.checkUser;
if(!((data18 === "Drop") || (data18 === "Keep"))){
(vErrors ??= []).push({instancePath:instancePath+"/checkUser",schemaPath:"settings.schema.json#/definitions/haproxy/properties/checkUser/enum",keyword:"enum",params:{allowedValues: schema49.properties.checkUser.enum}});
errors++;
}
if(typeof data18 === "string"){
if(func2(data18) > 8){
(vErrors ??= []).push({instancePath:instancePath+"/checkUser",schemaPath:"settings.schema.json#/definitions/haproxy/properties/checkUser/maxLength",keyword:"maxLength",params:{limit: 8}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/checkUser",schemaPath:"settings.schema.json#/definitions/haproxy/properties/checkUser/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/haproxy/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate182.errors = vErrors;
return errors === 0;
}

const schema51 = {"type":"object","additionalProperties":false,"properties":{"endpointQuiet":{"$ref":"legate#/definitions/4","default":"200ms"},"endpointMax":{"$ref":"legate#/definitions/4","default":"1s"},"reloadQuiet":{"$ref":"legate#/definitions/4","default":"2s"},"reloadMax":{"$ref":"legate#/definitions/4","default":"15s"},"reloadBurst":{"type":"integer","minimum":1,"maximum":100,"default":3},"reloadEvery":{"$ref":"legate#/definitions/4","default":"5s"},"oldWorkers":{"type":"integer","minimum":1,"maximum":1000,"default":8},"resync":{"$ref":"legate#/definitions/4","default":"60s"},"look":{"$ref":"legate#/definitions/4","default":"10s"},"syncTimeout":{"$ref":"legate#/definitions/4","default":"30s"},"stopTimeout":{"$ref":"legate#/definitions/4","default":"90s"}}};

function validate199(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.endpointQuiet === undefined){
data.endpointQuiet = "200ms";
}
if(data.endpointMax === undefined){
data.endpointMax = "1s";
}
if(data.reloadQuiet === undefined){
data.reloadQuiet = "2s";
}
if(data.reloadMax === undefined){
data.reloadMax = "15s";
}
if(data.reloadBurst === undefined){
data.reloadBurst = 3;
}
if(data.reloadEvery === undefined){
data.reloadEvery = "5s";
}
if(data.oldWorkers === undefined){
data.oldWorkers = 8;
}
if(data.resync === undefined){
data.resync = "60s";
}
if(data.look === undefined){
data.look = "10s";
}
if(data.syncTimeout === undefined){
data.syncTimeout = "30s";
}
if(data.stopTimeout === undefined){
data.stopTimeout = "90s";
}
for(const key0 in data){
if(!(func28.call(schema51.properties, key0))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/loop/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(!(validate37(data.endpointQuiet, {instancePath:instancePath+"/endpointQuiet",parentData:data,parentDataProperty:"endpointQuiet",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.endpointMax, {instancePath:instancePath+"/endpointMax",parentData:data,parentDataProperty:"endpointMax",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.reloadQuiet, {instancePath:instancePath+"/reloadQuiet",parentData:data,parentDataProperty:"reloadQuiet",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.reloadMax, {instancePath:instancePath+"/reloadMax",parentData:data,parentDataProperty:"reloadMax",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data4 = data.reloadBurst;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
(vErrors ??= []).push({instancePath:instancePath+"/reloadBurst",schemaPath:"settings.schema.json#/definitions/loop/properties/reloadBurst/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 100 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/reloadBurst",schemaPath:"settings.schema.json#/definitions/loop/properties/reloadBurst/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data4 < 1 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/reloadBurst",schemaPath:"settings.schema.json#/definitions/loop/properties/reloadBurst/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
if(!(validate37(data.reloadEvery, {instancePath:instancePath+"/reloadEvery",parentData:data,parentDataProperty:"reloadEvery",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data6 = data.oldWorkers;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
(vErrors ??= []).push({instancePath:instancePath+"/oldWorkers",schemaPath:"settings.schema.json#/definitions/loop/properties/oldWorkers/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 1000 || isNaN(data6)){
(vErrors ??= []).push({instancePath:instancePath+"/oldWorkers",schemaPath:"settings.schema.json#/definitions/loop/properties/oldWorkers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000}});
errors++;
}
if(data6 < 1 || isNaN(data6)){
(vErrors ??= []).push({instancePath:instancePath+"/oldWorkers",schemaPath:"settings.schema.json#/definitions/loop/properties/oldWorkers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
if(!(validate37(data.resync, {instancePath:instancePath+"/resync",parentData:data,parentDataProperty:"resync",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.look, {instancePath:instancePath+"/look",parentData:data,parentDataProperty:"look",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.syncTimeout, {instancePath:instancePath+"/syncTimeout",parentData:data,parentDataProperty:"syncTimeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.stopTimeout, {instancePath:instancePath+"/stopTimeout",parentData:data,parentDataProperty:"stopTimeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/loop/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate199.errors = vErrors;
return errors === 0;
}


function validate210(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.backendShare === undefined){
data.backendShare = 50;
}
if(data.backendLeast === undefined){
data.backendLeast = 3;
}
if(data.backendHold === undefined){
data.backendHold = "30s";
}
if(data.totalShare === undefined){
data.totalShare = 50;
}
if(data.totalHold === undefined){
data.totalHold = "5m";
}
for(const key0 in data){
if(!(((((key0 === "backendShare") || (key0 === "backendLeast")) || (key0 === "backendHold")) || (key0 === "totalShare")) || (key0 === "totalHold"))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/guards/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.backendShare;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
(vErrors ??= []).push({instancePath:instancePath+"/backendShare",schemaPath:"settings.schema.json#/definitions/guards/properties/backendShare/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 100 || isNaN(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/backendShare",schemaPath:"settings.schema.json#/definitions/guards/properties/backendShare/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data0 < 0 || isNaN(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/backendShare",schemaPath:"settings.schema.json#/definitions/guards/properties/backendShare/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
let data1 = data.backendLeast;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
(vErrors ??= []).push({instancePath:instancePath+"/backendLeast",schemaPath:"settings.schema.json#/definitions/guards/properties/backendLeast/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 10000 || isNaN(data1)){
(vErrors ??= []).push({instancePath:instancePath+"/backendLeast",schemaPath:"settings.schema.json#/definitions/guards/properties/backendLeast/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}});
errors++;
}
if(data1 < 1 || isNaN(data1)){
(vErrors ??= []).push({instancePath:instancePath+"/backendLeast",schemaPath:"settings.schema.json#/definitions/guards/properties/backendLeast/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
if(!(validate37(data.backendHold, {instancePath:instancePath+"/backendHold",parentData:data,parentDataProperty:"backendHold",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data3 = data.totalShare;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
(vErrors ??= []).push({instancePath:instancePath+"/totalShare",schemaPath:"settings.schema.json#/definitions/guards/properties/totalShare/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 100 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/totalShare",schemaPath:"settings.schema.json#/definitions/guards/properties/totalShare/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data3 < 0 || isNaN(data3)){
(vErrors ??= []).push({instancePath:instancePath+"/totalShare",schemaPath:"settings.schema.json#/definitions/guards/properties/totalShare/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}});
errors++;
}
}
if(!(validate37(data.totalHold, {instancePath:instancePath+"/totalHold",parentData:data,parentDataProperty:"totalHold",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/guards/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate210.errors = vErrors;
return errors === 0;
}

const schema53 = {"type":"object","additionalProperties":false,"properties":{"file":{"type":"string","maxLength":16,"enum":["Revert","Report"],"default":"Revert"},"live":{"type":"string","maxLength":16,"enum":["Revert","Report"],"default":"Revert"},"admin":{"type":"string","maxLength":16,"enum":["Revert","Report","Adopt"],"default":"Adopt"},"adoptFor":{"$ref":"legate#/definitions/4","default":"1h"}}};

function validate214(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.file === undefined){
data.file = "Revert";
}
if(data.live === undefined){
data.live = "Revert";
}
if(data.admin === undefined){
data.admin = "Adopt";
}
if(data.adoptFor === undefined){
data.adoptFor = "1h";
}
for(const key0 in data){
if(!((((key0 === "file") || (key0 === "live")) || (key0 === "admin")) || (key0 === "adoptFor"))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/drift/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
let data0 = data.file;
if(!((data0 === "Revert") || (data0 === "Report"))){
(vErrors ??= []).push({instancePath:instancePath+"/file",schemaPath:"settings.schema.json#/definitions/drift/properties/file/enum",keyword:"enum",params:{allowedValues: schema53.properties.file.enum}});
errors++;
}
if(typeof data0 === "string"){
if(func2(data0) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/file",schemaPath:"settings.schema.json#/definitions/drift/properties/file/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/file",schemaPath:"settings.schema.json#/definitions/drift/properties/file/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data1 = data.live;
if(!((data1 === "Revert") || (data1 === "Report"))){
(vErrors ??= []).push({instancePath:instancePath+"/live",schemaPath:"settings.schema.json#/definitions/drift/properties/live/enum",keyword:"enum",params:{allowedValues: schema53.properties.live.enum}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/live",schemaPath:"settings.schema.json#/definitions/drift/properties/live/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/live",schemaPath:"settings.schema.json#/definitions/drift/properties/live/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data2 = data.admin;
if(!(((data2 === "Revert") || (data2 === "Report")) || (data2 === "Adopt"))){
(vErrors ??= []).push({instancePath:instancePath+"/admin",schemaPath:"settings.schema.json#/definitions/drift/properties/admin/enum",keyword:"enum",params:{allowedValues: schema53.properties.admin.enum}});
errors++;
}
if(typeof data2 === "string"){
if(func2(data2) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/admin",schemaPath:"settings.schema.json#/definitions/drift/properties/admin/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/admin",schemaPath:"settings.schema.json#/definitions/drift/properties/admin/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate37(data.adoptFor, {instancePath:instancePath+"/adoptFor",parentData:data,parentDataProperty:"adoptFor",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/drift/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate214.errors = vErrors;
return errors === 0;
}

const schema54 = {"type":"object","additionalProperties":false,"required":["name","type"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"},"type":{"type":"string","maxLength":16,"enum":["Webhook","Slack"]},"url":{"type":"string","minLength":8,"maxLength":1024,"pattern":"^https?://[A-Za-z0-9.:_\\[\\]-]+(/[A-Za-z0-9/._~!$&'()*+,;=:%-]*)?$"},"urlFile":{"$ref":"legate#/definitions/40"},"secretFile":{"$ref":"legate#/definitions/40"},"topics":{"type":"array","minItems":1,"maxItems":9,"uniqueItems":true,"items":{"type":"string","maxLength":16,"enum":["Capacity","Revision","Guard","Reload","Consul","Certificate","Failure","Suspension","Drift"]},"default":["Capacity","Revision","Guard","Reload","Consul","Certificate","Failure","Suspension"]}}};
const pattern37 = new RegExp("^https?://[A-Za-z0-9.:_\\[\\]-]+(/[A-Za-z0-9/._~!$&'()*+,;=:%-]*)?$", "u");

function validate217(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.topics === undefined){
data.topics = ["Capacity","Revision","Guard","Reload","Consul","Certificate","Failure","Suspension"];
}
if(data.name === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/receiver/required",keyword:"required",params:{missingProperty: "name"}});
errors++;
}
if(data.type === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/receiver/required",keyword:"required",params:{missingProperty: "type"}});
errors++;
}
for(const key0 in data){
if(!((((((key0 === "name") || (key0 === "type")) || (key0 === "url")) || (key0 === "urlFile")) || (key0 === "secretFile")) || (key0 === "topics"))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/receiver/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func2(data0) > 63){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"settings.schema.json#/definitions/receiver/properties/name/maxLength",keyword:"maxLength",params:{limit: 63}});
errors++;
}
if(func2(data0) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"settings.schema.json#/definitions/receiver/properties/name/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern0.test(data0)){
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"settings.schema.json#/definitions/receiver/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/name",schemaPath:"settings.schema.json#/definitions/receiver/properties/name/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.type !== undefined){
let data1 = data.type;
if(!((data1 === "Webhook") || (data1 === "Slack"))){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"settings.schema.json#/definitions/receiver/properties/type/enum",keyword:"enum",params:{allowedValues: schema54.properties.type.enum}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"settings.schema.json#/definitions/receiver/properties/type/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/type",schemaPath:"settings.schema.json#/definitions/receiver/properties/type/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.url !== undefined){
let data2 = data.url;
if(typeof data2 === "string"){
if(func2(data2) > 1024){
(vErrors ??= []).push({instancePath:instancePath+"/url",schemaPath:"settings.schema.json#/definitions/receiver/properties/url/maxLength",keyword:"maxLength",params:{limit: 1024}});
errors++;
}
if(func2(data2) < 8){
(vErrors ??= []).push({instancePath:instancePath+"/url",schemaPath:"settings.schema.json#/definitions/receiver/properties/url/minLength",keyword:"minLength",params:{limit: 8}});
errors++;
}
if(!pattern37.test(data2)){
(vErrors ??= []).push({instancePath:instancePath+"/url",schemaPath:"settings.schema.json#/definitions/receiver/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[A-Za-z0-9.:_\\[\\]-]+(/[A-Za-z0-9/._~!$&'()*+,;=:%-]*)?$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/url",schemaPath:"settings.schema.json#/definitions/receiver/properties/url/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.urlFile !== undefined){
if(!(validate164(data.urlFile, {instancePath:instancePath+"/urlFile",parentData:data,parentDataProperty:"urlFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(data.secretFile !== undefined){
if(!(validate164(data.secretFile, {instancePath:instancePath+"/secretFile",parentData:data,parentDataProperty:"secretFile",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
let data5 = data.topics;
if(Array.isArray(data5)){
if(data5.length > 9){
(vErrors ??= []).push({instancePath:instancePath+"/topics",schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/maxItems",keyword:"maxItems",params:{limit: 9}});
errors++;
}
if(data5.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/topics",schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
if(!(((((((((data6 === "Capacity") || (data6 === "Revision")) || (data6 === "Guard")) || (data6 === "Reload")) || (data6 === "Consul")) || (data6 === "Certificate")) || (data6 === "Failure")) || (data6 === "Suspension")) || (data6 === "Drift"))){
(vErrors ??= []).push({instancePath:instancePath+"/topics/" + i0,schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/items/enum",keyword:"enum",params:{allowedValues: schema54.properties.topics.items.enum}});
errors++;
}
if(typeof data6 === "string"){
if(func2(data6) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/topics/" + i0,schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/items/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/topics/" + i0,schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let i1 = data5.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data5[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/topics",schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/topics",schemaPath:"settings.schema.json#/definitions/receiver/properties/topics/type",keyword:"type",params:{type: "array"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/receiver/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate217.errors = vErrors;
return errors === 0;
}


function validate221(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.gather === undefined){
data.gather = "5s";
}
if(data.repeatAfter === undefined){
data.repeatAfter = "5m";
}
if(data.patience === undefined){
data.patience = "1m";
}
if(data.timeout === undefined){
data.timeout = "10s";
}
if(data.attempts === undefined){
data.attempts = 12;
}
for(const key0 in data){
if(!(((((key0 === "gather") || (key0 === "repeatAfter")) || (key0 === "patience")) || (key0 === "timeout")) || (key0 === "attempts"))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/notify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(!(validate37(data.gather, {instancePath:instancePath+"/gather",parentData:data,parentDataProperty:"gather",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.repeatAfter, {instancePath:instancePath+"/repeatAfter",parentData:data,parentDataProperty:"repeatAfter",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.patience, {instancePath:instancePath+"/patience",parentData:data,parentDataProperty:"patience",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
if(!(validate37(data.timeout, {instancePath:instancePath+"/timeout",parentData:data,parentDataProperty:"timeout",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data4 = data.attempts;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
(vErrors ??= []).push({instancePath:instancePath+"/attempts",schemaPath:"settings.schema.json#/definitions/notify/properties/attempts/type",keyword:"type",params:{type: "integer"}});
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 100 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/attempts",schemaPath:"settings.schema.json#/definitions/notify/properties/attempts/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}});
errors++;
}
if(data4 < 1 || isNaN(data4)){
(vErrors ??= []).push({instancePath:instancePath+"/attempts",schemaPath:"settings.schema.json#/definitions/notify/properties/attempts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/definitions/notify/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate221.errors = vErrors;
return errors === 0;
}

const pattern28 = new RegExp("^(consul|consul://[!-~]+|file:[^\\u0000-\\u001f\\u007f-\\u009f]+)$", "u");
const pattern34 = new RegExp("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}\\]):[0-9]{1,5}$|^off$", "u");
const pattern35 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){0,62}$", "u");

function validate162(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/required",keyword:"required",params:{missingProperty: "apiVersion"}});
errors++;
}
if(data.kind === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/required",keyword:"required",params:{missingProperty: "kind"}});
errors++;
}
if(data.spec === undefined){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/required",keyword:"required",params:{missingProperty: "spec"}});
errors++;
}
for(const key0 in data){
if(!(((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "spec"))){
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}});
errors++;
}
}
if(data.apiVersion !== undefined){
if(!(validate23(data.apiVersion, {instancePath:instancePath+"/apiVersion",parentData:data,parentDataProperty:"apiVersion",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if("Settings" !== data1){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"settings.schema.json#/properties/kind/const",keyword:"const",params:{allowedValue: "Settings"}});
errors++;
}
if(typeof data1 === "string"){
if(func2(data1) > 16){
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"settings.schema.json#/properties/kind/maxLength",keyword:"maxLength",params:{limit: 16}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/kind",schemaPath:"settings.schema.json#/properties/kind/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
if(data.spec !== undefined){
let data2 = data.spec;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.manifests === undefined){
data2.manifests = ["manifests"];
}
if(data2.filesRoot === undefined){
data2.filesRoot = "/etc/legate";
}
if(data2.stateDir === undefined){
data2.stateDir = "/var/lib/legate";
}
if(data2.catalog === undefined){
data2.catalog = "consul";
}
if(data2.consul === undefined){
data2.consul = {};
}
if(data2.haproxy === undefined){
data2.haproxy = {};
}
if(data2.lockWait === undefined){
data2.lockWait = "0s";
}
if(data2.listen === undefined){
data2.listen = "127.0.0.1:9478";
}
if(data2.allowedHosts === undefined){
data2.allowedHosts = [];
}
if(data2.loop === undefined){
data2.loop = {};
}
if(data2.guards === undefined){
data2.guards = {};
}
if(data2.drift === undefined){
data2.drift = {};
}
if(data2.notifications === undefined){
data2.notifications = [];
}
if(data2.notify === undefined){
data2.notify = {};
}
for(const key1 in data2){
if(!(func28.call(schema46.properties.spec.properties, key1))){
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"settings.schema.json#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}});
errors++;
}
}
let data3 = data2.manifests;
if(Array.isArray(data3)){
if(data3.length > 64){
(vErrors ??= []).push({instancePath:instancePath+"/spec/manifests",schemaPath:"settings.schema.json#/properties/spec/properties/manifests/maxItems",keyword:"maxItems",params:{limit: 64}});
errors++;
}
if(data3.length < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/manifests",schemaPath:"settings.schema.json#/properties/spec/properties/manifests/minItems",keyword:"minItems",params:{limit: 1}});
errors++;
}
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 !== "string"){
(vErrors ??= []).push({instancePath:instancePath+"/spec/manifests/" + i0,schemaPath:"settings.schema.json#/properties/spec/properties/manifests/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate164(data4, {instancePath:instancePath+"/spec/manifests/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
let i1 = data3.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data3[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
(vErrors ??= []).push({instancePath:instancePath+"/spec/manifests",schemaPath:"settings.schema.json#/properties/spec/properties/manifests/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}});
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/manifests",schemaPath:"settings.schema.json#/properties/spec/properties/manifests/type",keyword:"type",params:{type: "array"}});
errors++;
}
if(data2.templates !== undefined){
if(!(validate164(data2.templates, {instancePath:instancePath+"/spec/templates",parentData:data2,parentDataProperty:"templates",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
}
if(!(validate164(data2.filesRoot, {instancePath:instancePath+"/spec/filesRoot",parentData:data2,parentDataProperty:"filesRoot",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
if(!(validate164(data2.stateDir, {instancePath:instancePath+"/spec/stateDir",parentData:data2,parentDataProperty:"stateDir",rootData}))){
vErrors = vErrors === null ? validate164.errors : vErrors.concat(validate164.errors);
errors = vErrors.length;
}
let data8 = data2.catalog;
if(typeof data8 === "string"){
if(func2(data8) > 4096){
(vErrors ??= []).push({instancePath:instancePath+"/spec/catalog",schemaPath:"settings.schema.json#/properties/spec/properties/catalog/maxLength",keyword:"maxLength",params:{limit: 4096}});
errors++;
}
if(func2(data8) < 6){
(vErrors ??= []).push({instancePath:instancePath+"/spec/catalog",schemaPath:"settings.schema.json#/properties/spec/properties/catalog/minLength",keyword:"minLength",params:{limit: 6}});
errors++;
}
if(!pattern28.test(data8)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/catalog",schemaPath:"settings.schema.json#/properties/spec/properties/catalog/pattern",keyword:"pattern",params:{pattern: "^(consul|consul://[!-~]+|file:[^\\u0000-\\u001f\\u007f-\\u009f]+)$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/catalog",schemaPath:"settings.schema.json#/properties/spec/properties/catalog/type",keyword:"type",params:{type: "string"}});
errors++;
}
if(!(validate169(data2.consul, {instancePath:instancePath+"/spec/consul",parentData:data2,parentDataProperty:"consul",rootData}))){
vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors);
errors = vErrors.length;
}
if(!(validate182(data2.haproxy, {instancePath:instancePath+"/spec/haproxy",parentData:data2,parentDataProperty:"haproxy",rootData}))){
vErrors = vErrors === null ? validate182.errors : vErrors.concat(validate182.errors);
errors = vErrors.length;
}
if(!(validate37(data2.lockWait, {instancePath:instancePath+"/spec/lockWait",parentData:data2,parentDataProperty:"lockWait",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
let data12 = data2.listen;
if(typeof data12 === "string"){
if(func2(data12) > 64){
(vErrors ??= []).push({instancePath:instancePath+"/spec/listen",schemaPath:"settings.schema.json#/properties/spec/properties/listen/maxLength",keyword:"maxLength",params:{limit: 64}});
errors++;
}
if(func2(data12) < 3){
(vErrors ??= []).push({instancePath:instancePath+"/spec/listen",schemaPath:"settings.schema.json#/properties/spec/properties/listen/minLength",keyword:"minLength",params:{limit: 3}});
errors++;
}
if(!pattern34.test(data12)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/listen",schemaPath:"settings.schema.json#/properties/spec/properties/listen/pattern",keyword:"pattern",params:{pattern: "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}\\]):[0-9]{1,5}$|^off$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/listen",schemaPath:"settings.schema.json#/properties/spec/properties/listen/type",keyword:"type",params:{type: "string"}});
errors++;
}
let data13 = data2.allowedHosts;
if(Array.isArray(data13)){
if(data13.length > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts",schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/maxItems",keyword:"maxItems",params:{limit: 16}});
errors++;
}
const len1 = data13.length;
for(let i2=0; i2<len1; i2++){
let data14 = data13[i2];
if(typeof data14 === "string"){
if(func2(data14) > 253){
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts/" + i2,schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/items/maxLength",keyword:"maxLength",params:{limit: 253}});
errors++;
}
if(func2(data14) < 1){
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts/" + i2,schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/items/minLength",keyword:"minLength",params:{limit: 1}});
errors++;
}
if(!pattern35.test(data14)){
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts/" + i2,schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){0,62}$"}});
errors++;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts/" + i2,schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/items/type",keyword:"type",params:{type: "string"}});
errors++;
}
}
let i3 = data13.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data13[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts",schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1}});
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/allowedHosts",schemaPath:"settings.schema.json#/properties/spec/properties/allowedHosts/type",keyword:"type",params:{type: "array"}});
errors++;
}
if(!(validate199(data2.loop, {instancePath:instancePath+"/spec/loop",parentData:data2,parentDataProperty:"loop",rootData}))){
vErrors = vErrors === null ? validate199.errors : vErrors.concat(validate199.errors);
errors = vErrors.length;
}
if(!(validate210(data2.guards, {instancePath:instancePath+"/spec/guards",parentData:data2,parentDataProperty:"guards",rootData}))){
vErrors = vErrors === null ? validate210.errors : vErrors.concat(validate210.errors);
errors = vErrors.length;
}
if(!(validate214(data2.drift, {instancePath:instancePath+"/spec/drift",parentData:data2,parentDataProperty:"drift",rootData}))){
vErrors = vErrors === null ? validate214.errors : vErrors.concat(validate214.errors);
errors = vErrors.length;
}
let data18 = data2.notifications;
if(Array.isArray(data18)){
if(data18.length > 16){
(vErrors ??= []).push({instancePath:instancePath+"/spec/notifications",schemaPath:"settings.schema.json#/properties/spec/properties/notifications/maxItems",keyword:"maxItems",params:{limit: 16}});
errors++;
}
const len2 = data18.length;
for(let i4=0; i4<len2; i4++){
if(!(validate217(data18[i4], {instancePath:instancePath+"/spec/notifications/" + i4,parentData:data18,parentDataProperty:i4,rootData}))){
vErrors = vErrors === null ? validate217.errors : vErrors.concat(validate217.errors);
errors = vErrors.length;
}
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec/notifications",schemaPath:"settings.schema.json#/properties/spec/properties/notifications/type",keyword:"type",params:{type: "array"}});
errors++;
}
if(!(validate221(data2.notify, {instancePath:instancePath+"/spec/notify",parentData:data2,parentDataProperty:"notify",rootData}))){
vErrors = vErrors === null ? validate221.errors : vErrors.concat(validate221.errors);
errors = vErrors.length;
}
}
else {
(vErrors ??= []).push({instancePath:instancePath+"/spec",schemaPath:"settings.schema.json#/properties/spec/type",keyword:"type",params:{type: "object"}});
errors++;
}
}
}
else {
(vErrors ??= []).push({instancePath,schemaPath:"settings.schema.json#/type",keyword:"type",params:{type: "object"}});
errors++;
}
validate162.errors = vErrors;
return errors === 0;
}
